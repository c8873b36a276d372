//! The keeper's key pair, and envelopes sealed to it: anybody here can seal, the keeper alone can open (§0.21).
//!
//! ```text
//! shared = X25519(fresh secret, keeper's public key)
//! key    = SHA-256( ns("lianneng-source-1") ns(fresh public key) ns(keeper's public key) ns(shared) )
//! box    = ChaCha20-Poly1305(key, nonce 0, name + code + number as JSON, padded with blanks to 256 bytes)
//! {"v":1,"to":keeper's public key,"key":fresh public key,"box":box}                                     all hex
//! ```
//!
//! Each key seals one message, so that the nonce may be nought. The padding keeps the length from telling anything.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use x25519_dalek::{PublicKey, SharedSecret, StaticSecret};
use zeroize::Zeroizing;

use super::entropy::Entropy;
use super::hex;
use crate::domain::fault::{Fault, FaultKind};
use crate::domain::source::Source;

/// Lengths are multiples of this.
const PAD: usize = 256;

/// The keeper's private key; wiped from memory when dropped.
#[derive(Clone)]
pub struct KeeperKey(StaticSecret);

impl std::fmt::Debug for KeeperKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeeperKey(…)")
    }
}

#[derive(Serialize, Deserialize)]
struct Envelope {
    v: u32,
    to: String,
    key: String,
    #[serde(rename = "box")]
    sealed: String,
}

impl KeeperKey {
    /// A new key.
    pub fn new(entropy: &mut Entropy) -> Result<Self, Fault> {
        let bytes = Zeroizing::new(entropy.bytes::<32>()?);
        Ok(Self(StaticSecret::from(*bytes)))
    }

    /// From the key file: 64 hex digits.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(hex::decode::<32>(text)?);
        Some(Self(StaticSecret::from(*bytes)))
    }

    /// As the key file holds it.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0.as_bytes()))
    }

    fn public(&self) -> PublicKey {
        PublicKey::from(&self.0)
    }

    /// The public key as envelopes name whom they are sealed to.
    pub fn address(&self) -> String {
        hex::encode(self.public().as_bytes())
    }

    /// Seals a source to the keeper. Only the public half is used.
    pub fn seal(&self, source: &Source, entropy: &mut Entropy) -> Result<String, Fault> {
        let to = self.public();
        let fresh = StaticSecret::from(*Zeroizing::new(entropy.bytes::<32>()?));
        let public = PublicKey::from(&fresh);
        let mut text = Zeroizing::new(serde_json::to_vec(source).map_err(|_| bug())?);
        let padded = text.len().next_multiple_of(PAD);
        text.resize(padded, b' ');
        let sealed = cipher(&public, &to, &fresh.diffie_hellman(&to))
            .encrypt(&Nonce::default(), text.as_slice())
            .map_err(|_| bug())?;
        let envelope = Envelope {
            v: 1,
            to: self.address(),
            key: hex::encode(public.as_bytes()),
            sealed: hex::encode(&sealed),
        };
        serde_json::to_string(&envelope).map_err(|_| bug())
    }

    /// Opens an envelope. Refuses, each with its own sentence: another keeper's, a newer program's, a changed one.
    pub fn open(&self, envelope: &str) -> Result<Source, Fault> {
        let envelope: Envelope = serde_json::from_str(envelope).map_err(|_| damaged())?;
        if envelope.v != 1 {
            return Err(Fault::new(FaultKind::World, "来源信息由更新的版本密封，本版打不开").hint("请换用新版廉能台。"));
        }
        let to = self.public();
        if envelope.to != self.address() {
            return Err(Fault::new(
                FaultKind::Denied,
                format!(
                    "来源信息密封给另一把保管人钥匙（{}），本机的钥匙（{}）打不开",
                    short(&envelope.to),
                    short(&self.address())
                ),
            )
            .hint("请取回登记时所用的 office.keys（在当时的备份里）；没有它，谁也打不开。"));
        }
        let public = PublicKey::from(hex::decode::<32>(&envelope.key).ok_or_else(damaged)?);
        let sealed = hex::bytes(&envelope.sealed).ok_or_else(damaged)?;
        let text = cipher(&public, &to, &self.0.diffie_hellman(&public))
            .decrypt(&Nonce::default(), sealed.as_slice())
            .map(Zeroizing::new)
            .map_err(|_| damaged())?;
        serde_json::from_slice(&text).map_err(|_| damaged())
    }
}

/// The fingerprint people compare: the first eight digits of a public key.
pub fn short(address: &str) -> String {
    address.chars().take(8).collect()
}

fn cipher(fresh: &PublicKey, to: &PublicKey, shared: &SharedSecret) -> ChaCha20Poly1305 {
    let mut hash = Sha256::new();
    for part in [
        &b"lianneng-source-1"[..],
        fresh.as_bytes(),
        to.as_bytes(),
        shared.as_bytes(),
    ] {
        hash.update(format!("{}:", part.len()));
        hash.update(part);
        hash.update(b",");
    }
    ChaCha20Poly1305::new(&Key::from(<[u8; 32]>::from(hash.finalize())))
}

fn damaged() -> Fault {
    Fault::new(FaultKind::Damaged, "来源信息的密封件已损坏，打不开").hint("请运行 lianneng verify 查看是哪一条。")
}

fn bug() -> Fault {
    Fault::new(FaultKind::World, "程序错误：来源信息密封不了，未办理").hint("请向维护人员报告。")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn source(name: &str) -> Source {
        Source {
            name: name.into(),
            code: "XX-07".into(),
            phone: "13800000000".into(),
        }
    }

    #[test]
    fn the_keeper_opens_what_was_sealed_and_nobody_else() {
        let keeper = KeeperKey::new(&mut Entropy::System).unwrap();
        let other = KeeperKey::new(&mut Entropy::System).unwrap();
        let envelope = keeper.seal(&source("赵小满"), &mut Entropy::System).unwrap();
        assert!(!envelope.contains("赵小满") && !envelope.contains(&hex::encode("赵小满".as_bytes())));
        let again = KeeperKey::read(&keeper.text()).unwrap();
        assert_eq!(again.open(&envelope).unwrap(), source("赵小满"));
        let refused = other.open(&envelope).unwrap_err();
        assert_eq!(refused.kind, FaultKind::Denied);
        assert!(refused.reason.contains("另一把保管人钥匙"), "{refused}");
        assert_eq!(format!("{keeper:?}"), "KeeperKey(…)");
    }

    #[test]
    fn equal_sources_are_sealed_differently_and_the_length_tells_nothing() {
        let keeper = KeeperKey::new(&mut Entropy::System).unwrap();
        let seal = |name: &str| keeper.seal(&source(name), &mut Entropy::System).unwrap();
        let (one, two, long) = (seal("甲"), seal("甲"), seal("一个很长的名字一个很长的名字"));
        assert_ne!(one, two);
        assert_eq!(one.len(), long.len());
    }

    #[test]
    fn a_changed_envelope_does_not_open() {
        let keeper = KeeperKey::new(&mut Entropy::System).unwrap();
        let envelope = keeper.seal(&source("赵小满"), &mut Entropy::System).unwrap();
        let at = envelope.find("\"box\":\"").unwrap() + 7;
        for place in [at, at + 40, envelope.len() - 3] {
            let mut bytes = envelope.clone().into_bytes();
            bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(keeper.open(&changed).unwrap_err().kind, FaultKind::Damaged);
        }
        for broken in ["", "{}", r#"{"v":2,"to":"","key":"","box":""}"#] {
            assert!(keeper.open(broken).is_err(), "{broken}");
        }
    }
}
