#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::domain::{CadreRank, Grade, RiskClass, UnitKind};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn district() -> District {
    District::draw(&Material::load().unwrap(), day(), 1).unwrap()
}

#[test]
fn the_figures_of_the_article_are_counts_of_records() {
    let district = district();
    assert_eq!(district.points.len(), 1698);
    assert_eq!(district.measures.len(), 1574);
    assert_eq!(district.powers.len(), 1068);
    assert_eq!(district.processes.len(), 897);
    let count = |register: &str, field: &str, value: &str| {
        let fits = |r: &&Record| r.register == register && (value.is_empty() || r.fields[field] == value);
        district.records.iter().filter(fits).count()
    };
    let sum = |value: &str| {
        let fits = |r: &&Record| r.register == "publicity" && r.fields["kind"] == value;
        district
            .records
            .iter()
            .filter(fits)
            .map(|r| r.fields["quantity"].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!(count("informant", "", ""), 180);
    assert_eq!(count("regulation", "status", "improved"), 681);
    assert_eq!(count("regulation", "status", "new"), 196);
    assert_eq!(count("education", "kind", "class"), 19);
    assert_eq!(count("education", "kind", "activity"), 206);
    assert_eq!((sum("column"), sum("album"), sum("board")), (108, 1200, 641));
    assert_eq!(district.places.units.iter().filter(|u| u.pilot).count(), 7);
    let force = |s: &&Seat| s.body == SeatOf::TaskForce;
    let force: BTreeSet<usize> = district.places.seats.iter().filter(force).map(|s| s.post).collect();
    assert_eq!(force.len(), 20);
}

#[test]
fn no_two_points_read_alike() {
    let district = district();
    let texts: BTreeSet<&str> = district.points.iter().map(|p| p.description.as_str()).collect();
    assert_eq!(texts.len(), district.points.len());
    assert!(texts.iter().all(|t| t.chars().count() < 80));
}

#[test]
fn points_fill_the_heat_map_with_few_red_ones() {
    let district = district();
    let mut cells = BTreeMap::new();
    let mut grades = BTreeMap::new();
    for point in &district.points {
        *cells.entry((point.item, point.class)).or_insert(0) += 1;
        *grades.entry(point.grade).or_insert(0) += 1;
        assert!(!point.consequence.is_empty() && !point.node.is_empty() && !point.causes.is_empty());
    }
    assert_eq!(cells.len(), 10 * RiskClass::ALL.len());
    assert!(cells.values().all(|n| *n >= 8), "{cells:?}");
    assert!((80..300).contains(&grades[&Grade::Red]), "{grades:?}");
    assert!(grades[&Grade::Yellow] > grades[&Grade::Orange]);
}

#[test]
fn every_point_hangs_on_a_power_of_its_unit() {
    let district = district();
    for point in &district.points {
        assert_eq!(
            district.powers[point.power].unit,
            district.places.posts[point.post].unit
        );
    }
    for power in &district.powers {
        assert_eq!(district.processes[power.process].unit, power.unit);
    }
}

#[test]
fn measures_serve_several_points_and_some_points_have_none() {
    let district = district();
    let served: BTreeSet<usize> = district
        .measures
        .iter()
        .flat_map(|m| m.points.iter().copied())
        .collect();
    assert_eq!(district.points.len() - served.len(), BARE);
    assert!(district.measures.iter().filter(|m| m.points.len() > 1).count() > 200);
    let links: usize = district.measures.iter().map(|m| m.points.len()).sum();
    assert!(links > district.points.len());
    for measure in &district.measures {
        assert!(!measure.points.is_empty());
        assert!(
            measure
                .points
                .iter()
                .all(|p| district.places.posts[district.points[*p].post].unit == measure.unit)
        );
    }
}

#[test]
fn posts_and_units_are_told_apart_by_name() {
    let places = district().places;
    let units: BTreeSet<&str> = places.units.iter().map(|u| u.name.as_str()).collect();
    assert_eq!(units.len(), places.units.len());
    assert!((45..=65).contains(&units.len()));
    let posts: BTreeSet<(usize, usize, &str)> = places
        .posts
        .iter()
        .map(|p| (p.unit, p.section, p.name.as_str()))
        .collect();
    assert_eq!(posts.len(), places.posts.len());
    for (i, unit) in places.units.iter().enumerate() {
        assert_eq!(
            places.posts.iter().filter(|p| p.unit == i && p.head).count(),
            1,
            "{}",
            unit.name
        );
        assert!(
            places.posts.iter().any(|p| p.unit == i && !p.scopes.is_empty()),
            "{}",
            unit.name
        );
    }
}

#[test]
fn people_include_namesakes_and_surnames_with_two_readings() {
    let places = district().places;
    assert_eq!(places.people.len(), places.posts.len());
    let mut names: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (person, post) in places.people.iter().zip(&places.posts) {
        names.entry(&person.name).or_default().insert(post.unit);
    }
    assert_eq!(names["李建平"].len(), 3, "namesakes stand in different units");
    assert!(
        ["单国平", "曾丽华", "仇文斌", "解敏", "欧阳海清"]
            .iter()
            .all(|n| names.contains_key(n))
    );
    let twice = names.values().filter(|units| units.len() > 1).count();
    assert!((1..=8).contains(&twice));
}

#[test]
fn every_body_has_a_chair() {
    let places = district().places;
    for (i, unit) in places.units.iter().enumerate() {
        let chair = |body| {
            places
                .seats
                .iter()
                .any(|s| s.body == body && s.role == crate::domain::SeatRole::Chair)
        };
        if unit.kind != UnitKind::Community {
            assert!(chair(SeatOf::Implementation(i)), "{}", unit.name);
        }
        assert_eq!(
            chair(SeatOf::Social(i)),
            matches!(unit.kind, UnitKind::Street | UnitKind::Community)
        );
    }
    let county = places.posts.iter().filter(|p| p.rank == CadreRank::County).count();
    assert!((10..40).contains(&county));
}

#[test]
fn every_story_is_about_a_post_with_points() {
    let material = Material::load().unwrap();
    let district = district();
    assert!(material.stories.report.len() >= 70);
    for report in &material.stories.report {
        let post = district
            .places
            .find(&report.at)
            .unwrap_or_else(|| panic!("{}", report.at));
        assert!(district.points.iter().any(|p| p.post == post), "{}", report.at);
    }
}

#[test]
fn equal_seeds_draw_the_same_district() {
    let (a, b) = (format!("{:?}", district()), format!("{:?}", district()));
    assert!(a == b);
    let other = District::draw(&Material::load().unwrap(), day(), 2).unwrap();
    assert!(format!("{other:?}") != a);
}
