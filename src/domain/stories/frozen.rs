//! The log is read for ever: a frozen sample of every kind of event must decode, and say the same again.

use std::collections::BTreeSet;

use crate::domain::Event;
use crate::domain::event::VERSION;

/// Kind, version and body of one sample per line; samples are only ever added (`LIANNENG_SAMPLES=file cargo test`
/// collects those of the stories).
const SAMPLES: &str = include_str!("../../../tests/fixtures/events_v1.jsonl");

/// All kinds, as serde itself names them when it meets an unknown one.
fn kinds() -> BTreeSet<String> {
    let error = Event::decode("__", VERSION, "{}").unwrap_err();
    error.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

fn samples() -> Vec<(String, i64, String)> {
    let read = |line: &str| -> (String, i64, Box<serde_json::value::RawValue>) { serde_json::from_str(line).unwrap() };
    SAMPLES
        .lines()
        .map(read)
        .map(|(kind, version, body)| (kind, version, body.get().to_owned()))
        .collect()
}

#[test]
fn every_kind_of_event_has_a_frozen_sample() {
    let sampled: BTreeSet<String> = samples().into_iter().map(|(kind, ..)| kind).collect();
    let missing: Vec<_> = kinds().difference(&sampled).cloned().collect();
    assert!(missing.is_empty(), "no sample of {missing:?}");
    assert!(kinds().len() > 60, "serde no longer lists the kinds");
}

#[test]
fn every_frozen_sample_decodes_and_says_the_same_again() {
    for (kind, version, body) in samples() {
        let event = Event::decode(&kind, version, &body).unwrap_or_else(|e| panic!("{kind}: {e}"));
        let (again, rewritten) = event.encode().unwrap();
        assert_eq!(again, kind);
        let before: serde_json::Value = serde_json::from_str(&body).unwrap();
        let after: serde_json::Value = serde_json::from_str(&rewritten).unwrap();
        for (field, value) in before.as_object().unwrap() {
            assert_eq!(after.get(field), Some(value), "{kind}.{field} was lost or changed");
        }
    }
}

#[test]
fn a_newer_version_is_not_guessed() {
    assert!(Event::decode("voided", VERSION + 1, r#"{"reason":"x"}"#).is_err());
}
