//! The directory: seats by post, aliases, namesakes (R009, ledger.md §7).

use crate::domain::identity;
use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::world::World;
use crate::domain::*;

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
