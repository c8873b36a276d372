//! The directory: seats by post, aliases, namesakes (R009, ledger.md §7).

use crate::domain::identity;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::world::World;
use crate::domain::*;

/// covers R009 R014
#[test]
fn a_seat_fixed_by_post_follows_the_holder() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let post = town
        .story
        .record("post", &[("name", "区人大主任"), ("unit", &unit), ("rank", "处级")])
        .to_string();
    let body = BodyRef::Leadership(OrganLine::Congress);
    town.story.record(
        "appointment",
        &[
            ("post", &post),
            ("body", &body.to_string()),
            ("role", "chair"),
            ("from", "2026-01-01"),
        ],
    );
    let holder = |town: &Town, on: &str| town.story.seat_holder(body, SeatRole::Chair, day(on)).map(|n| n.name);
    assert_eq!(holder(&town, "2026-11-23"), None, "nobody holds the post yet");
    for (name, from, to) in [("程远", "2026-02-01", "2026-06-30"), ("冯立", "2026-07-01", "")] {
        let person = town
            .story
            .record("person", &[("name", name), ("unit", &unit)])
            .to_string();
        town.story.record(
            "appointment",
            &[("person", &person), ("post", &post), ("from", from), ("to", to)],
        );
    }
    assert_eq!(holder(&town, "2026-06-30").as_deref(), Some("程远"));
    assert_eq!(
        holder(&town, "2026-07-01").as_deref(),
        Some("冯立"),
        "the seat changes with the post (R009)"
    );
}

#[test]
fn an_appointment_needs_somebody_or_a_post_with_its_seat() {
    let mut town = Town::new();
    let post = town.post.to_string();
    let form = |fields: &[(&str, &str)]| {
        let mut all = vec![("register", "appointment"), ("from", "2026-01-01")];
        all.extend_from_slice(fields);
        Town::form(Verb::Create, &[], &all)
    };
    assert_eq!(refused(town.story.when(form(&[("post", &post)]))), "missing_field");
    let person = town.head.to_string();
    assert_eq!(refused(town.story.when(form(&[("person", &person)]))), "missing_field");
    let backwards = form(&[("person", &person), ("post", &post), ("to", "2025-12-31")]);
    assert_eq!(refused(town.story.when(backwards)), "wrong_field");
}

/// covers §0.20
#[test]
fn identified_entries_are_one_person_and_distinguished_ones_are_not() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let entry = |town: &mut Town, incomplete: &str| {
        town.story.record(
            "person",
            &[("name", "单明"), ("unit", &unit), ("incomplete", incomplete)],
        )
    };
    let (one, two, three) = (entry(&mut town, "否"), entry(&mut town, "是"), entry(&mut town, "是"));
    assert_eq!(
        identity::suspects(one, &town.story),
        [two, three],
        "an open suspicion makes an answer ambiguous"
    );
    let same = one.to_string();
    town.act(Verb::Identify, two, &[("same_as", &same)]).unwrap();
    assert_eq!(identity::aliases(one, &town.story), [one, two]);
    assert_eq!(identity::canonical(two, &town.story), one);
    let back = two.to_string();
    assert_eq!(
        refused(town.act(Verb::Identify, one, &[("same_as", &back)])),
        "nothing_changed"
    );
    town.act(Verb::Distinguish, three, &[("from", &same)]).unwrap();
    assert_eq!(identity::suspects(one, &town.story), []);
}

#[test]
fn adopting_checks_every_text_and_lists_every_mistake() {
    let mut town = Town::new();
    let registers: serde_json::Map<String, serde_json::Value> = sheet::shipped_registers()
        .into_iter()
        .filter(|(name, _)| name == "unit.toml")
        .map(|(name, text)| (name, text.into()))
        .collect();
    let adopt = |policy: &str| {
        Act::new(Verb::Adopt, vec![])
            .with("policy", policy)
            .with("calendar", calendar::shipped())
            .with("registers", registers.clone())
    };
    assert_eq!(refused(town.story.when(adopt("version = \"一\""))), "broken_text");
    town.story.when(adopt(policy::Policy::shipped())).unwrap();
}

/// covers R009 R014 §0.16 A20
#[test]
fn a_seat_by_post_conflicts_its_holder_in_each_of_his_bodies() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let post = town
        .story
        .record("post", &[("name", "区长"), ("unit", &unit), ("rank", "处级")])
        .to_string();
    let line = BodyRef::Leadership(OrganLine::Government);
    for (body, role) in [(line, SeatRole::Member), (BodyRef::Steering, SeatRole::ViceChair)] {
        let (body, from) = (body.to_string(), "2020-01-01");
        let seat = [
            ("post", post.as_str()),
            ("body", &body),
            ("role", role.id()),
            ("from", from),
        ];
        town.story.record("appointment", &seat);
    }
    let mayor = town
        .story
        .record("person", &[("name", "欧阳区长"), ("unit", &unit), ("post", &post)]);
    let person = mayor.to_string();
    let id = town.report_about(&[("person", &person)]);
    assert_eq!(town.warning(id).duties.lead, BodyRef::Steering, "his 防委会 is skipped");
    town.act(Verb::Assess, id, &[("grade", "红")]).unwrap();
    assert_eq!(
        refused(town.signed(Verb::Release, id, &[])),
        "recused",
        "collectively, without him"
    );
    let mut release = Town::form(Verb::Release, &[id], &[]);
    release.decision = Some(Decision::Meeting {
        number: "第3次".into(),
        on: None,
        votes: None,
    });
    town.story.when(release).unwrap();
}

/// covers R013 A03
#[test]
fn the_organ_line_of_a_unit_gives_its_committee() {
    let mut town = Town::new();
    for (name, line) in [
        ("区委宣传部", OrganLine::Party),
        ("人大办", OrganLine::Congress),
        ("政协办", OrganLine::Cppcc),
    ] {
        let unit = town.story.record("unit", &[("name", name), ("organ_line", line.id())]);
        let id = town.report_about(&[("unit", &unit.to_string())]);
        let duties = town.warning(id).duties;
        assert_eq!(
            (duties.lead, duties.co),
            (BodyRef::Implementation(unit), Some(BodyRef::Leadership(line)))
        );
    }
}

/// covers §4.1.16
#[test]
fn who_goes_to_another_post_flags_the_points_he_leaves_and_those_he_comes_to() {
    let mut town = Town::new();
    let point = town.graded_point(Grade::Yellow);
    let unit = town.bureau.to_string();
    let holder = town.story.titled("person", "林知远")[0];
    let other = town
        .story
        .record("post", &[("name", "档案岗"), ("unit", &unit)])
        .to_string();
    town.act(Verb::Amend, holder, &[("post", &other)]).unwrap();
    assert_eq!(town.point(point).review.as_ref().unwrap().0, ReviewCause::Holder);
}

/// covers R028 R117
#[test]
fn links_to_streets_and_sponsors_of_pilots_are_kept_with_their_days() {
    let mut town = Town::new();
    let (head, bureau) = (town.head.to_string(), town.bureau.to_string());
    let street = town
        .story
        .record("unit", &[("name", "甘棠街道"), ("kind", "街道")])
        .to_string();
    let mut keep = |register, fields: &[(&str, &str)]| town.story.record(register, fields);
    let link = keep(
        "community_link",
        &[
            ("person", &head),
            ("kind", "包居科级干部"),
            ("unit", &street),
            ("from", "2026-01-05"),
        ],
    );
    let sponsor = keep(
        "pilot_sponsor",
        &[("person", &head), ("unit", &bureau), ("from", "2026-01-05")],
    );
    assert_eq!(town.story.referrers("community_link", "person", town.head), [link]);
    assert_eq!(town.story.referrers("pilot_sponsor", "unit", town.bureau), [sponsor]);
    let fields = [("register", "community_link"), ("person", &head), ("unit", &street)];
    let without = Town::form(Verb::Create, &[], &fields);
    assert_eq!(refused(town.story.when(without)), "missing_field", "kind and first day");
}

/// covers §0.16 G3
#[test]
fn an_interest_link_to_another_record_of_the_same_person_recuses_too() {
    let mut town = Town::new();
    let unit = town.bureau.to_string();
    let mut person = |name| town.story.record("person", &[("name", name), ("unit", &unit)]);
    let (clerk, one, two) = (person("许静"), person("单明"), person("单明"));
    let (clerk_id, one_id, two_id) = (clerk.to_string(), one.to_string(), two.to_string());
    let kin = [
        ("person", clerk_id.as_str()),
        ("relative", &one_id),
        ("relation", "其他利害关系"),
    ];
    town.story.record("kin", &kin);
    let report = town.report_about(&[("person", &two_id)]);
    let reader = crate::domain::world::Operator {
        person: Some(clerk),
        ..crate::domain::world::Operator::recorder("op", "经办人")
    };
    assert!(!viewer::hidden(town.story.get(report), &reader, &town.story));
    town.act(Verb::Identify, two, &[("same_as", &one_id)]).unwrap();
    assert!(viewer::hidden(town.story.get(report), &reader, &town.story));
}
