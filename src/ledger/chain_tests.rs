#![allow(clippy::unwrap_used)]
use super::*;
use ed25519_dalek::{Signer, SigningKey};
use serde_json::Value;

/// Written by an independent program; `tests/support/recompute.py` agrees with it.
fn vector() -> Value {
    serde_json::from_str(include_str!("../../tests/fixtures/chain_vector.json")).unwrap()
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap()
}

fn int(row: &Value, key: &str) -> i64 {
    row[key].as_i64().unwrap()
}

fn bytes<const N: usize>(row: &Value, key: &str) -> [u8; N] {
    hex::decode(text(row, key)).unwrap()
}

fn maybe_id(row: &Value, key: &str) -> Option<Id> {
    row[key].as_str().map(|id| hex::decode(id).unwrap())
}

fn act_hash_of(act: &Value) -> Hash {
    act_hash(&ActFields {
        act_id: &bytes::<16>(act, "act_id"),
        site: &bytes::<16>(act, "site"),
        first: int(act, "first"),
        events: int(act, "events"),
        tick: int(act, "tick"),
        at: int(act, "at"),
        today: text(act, "today"),
        happened: text(act, "happened"),
        verb: text(act, "verb"),
        operator: text(act, "operator"),
        acting_for: text(act, "acting_for"),
        policy: &bytes::<32>(act, "policy"),
        because: maybe_id(act, "because").as_ref().map(|id| &id[..]),
        program: text(act, "program"),
    })
}

#[test]
fn the_site_of_the_vector_has_its_genesis() {
    let site = &vector()["sites"][0];
    let found = genesis(&SiteFields {
        class: text(site, "class"),
        office: &bytes::<16>(site, "office"),
        public_key: &bytes::<32>(site, "public_key"),
        predecessor: None,
        predecessor_head: None,
    });
    assert_eq!(hex::encode(&found), text(site, "genesis"));
    assert_eq!(hex::encode(&site_id(&found)), text(site, "site"));
}

#[test]
fn every_event_of_the_vector_has_its_hashes() {
    let vector = vector();
    let items = vector["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    for item in items {
        let act = act_hash_of(&item["act"]);
        assert_eq!(hex::encode(&act), text(&item["act"], "act_hash"));
        let body = body_hash(&bytes::<16>(item, "salt"), text(item, "body"));
        assert_eq!(hex::encode(&body), text(item, "body_hash"));
        let leaf = leaf(&EventFields {
            act_hash: &act,
            site: &bytes::<16>(item, "site"),
            site_seq: int(item, "site_seq"),
            stream: &bytes::<16>(item, "stream"),
            stream_seq: int(item, "stream_seq"),
            epoch: int(item, "epoch"),
            parent: &bytes::<32>(item, "parent"),
            kind: text(item, "kind"),
            version: int(item, "version"),
            because: item["because"].as_i64(),
            body_hash: &body,
        });
        assert_eq!(hex::encode(&leaf), text(item, "leaf"));
        assert_eq!(hex::encode(&link(&bytes(item, "prev"), &leaf)), text(item, "hash"));
    }
}

#[test]
fn the_policy_of_the_vector_has_its_hash_in_any_order_of_registers() {
    let policy = &vector()["policy"];
    let registers: Vec<(&str, &str)> = policy["registers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()))
        .collect();
    let reversed: Vec<_> = registers.iter().rev().copied().collect();
    for order in [registers, reversed] {
        let found = policy_hash(text(policy, "policy"), text(policy, "calendar"), &order);
        assert_eq!(hex::encode(&found), text(policy, "hash"));
    }
}

#[test]
fn the_seal_of_the_vector_signs_its_message() {
    let seal = &vector()["seals"][0];
    let message = seal_message(
        &bytes::<16>(seal, "site"),
        int(seal, "site_seq"),
        &bytes::<32>(seal, "hash"),
        int(seal, "at"),
    );
    assert_eq!(message, text(seal, "message").as_bytes());
    let signature = SigningKey::from_bytes(&bytes(seal, "secret")).sign(&message);
    assert_eq!(hex::encode(&signature.to_bytes()), text(seal, "signature"));
}

#[test]
fn where_a_field_ends_is_part_of_the_hash() {
    assert_ne!(policy_hash("ab", "c", &[]), policy_hash("a", "bc", &[]));
    assert_ne!(body_hash(&[0; 16], "1:a,"), body_hash(&[0; 16], "a"));
}
