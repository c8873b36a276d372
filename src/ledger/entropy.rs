//! Where ids, salts and keys come from: the machine's entropy, or a stream grown from a seed.

use sha2::{Digest, Sha256};
use uuid::Builder;

use super::chain::Id;
use crate::domain::fault::{Fault, FaultKind};

/// A source of random bytes.
///
/// With [`Entropy::seeded`], equal seeds give equal ids and salts, so that a rehearsal file built twice with the
/// same clock has a byte-identical log. The data key never comes from a seed (see `keys`).
#[derive(Debug)]
pub enum Entropy {
    /// The operating system.
    System,
    /// SHA-256 over the seed and a counter, block after block.
    Seeded(Stream),
}

/// The bytes grown from one seed.
#[derive(Debug)]
pub struct Stream {
    seed: Vec<u8>,
    counter: u64,
    block: [u8; 32],
    used: usize,
}

impl Stream {
    fn fill(&mut self, out: &mut [u8]) {
        for byte in out {
            if self.used == self.block.len() {
                self.block = Sha256::new()
                    .chain_update(b"lianneng-seed-1")
                    .chain_update(&self.seed)
                    .chain_update(self.counter.to_be_bytes())
                    .finalize()
                    .into();
                self.counter += 1;
                self.used = 0;
            }
            *byte = self.block[self.used];
            self.used += 1;
        }
    }
}

impl Entropy {
    /// Bytes that depend on `seed` alone; rehearsal files only.
    pub fn seeded(seed: u64) -> Self {
        Self::seeded_at(seed, &[])
    }

    /// Bytes that depend on `seed` and a place, such as the head of the log when a seeded file is opened again:
    /// starting the same stream twice would draw the same ids twice.
    pub fn seeded_at(seed: u64, place: &[u8]) -> Self {
        let seed = [&seed.to_be_bytes()[..], place].concat();
        Self::Seeded(Stream {
            seed,
            counter: 0,
            block: [0; 32],
            used: 32,
        })
    }

    /// Fills `out`.
    pub fn fill(&mut self, out: &mut [u8]) -> Result<(), Fault> {
        match self {
            Self::System => system_bytes(out),
            Self::Seeded(stream) => {
                stream.fill(out);
                Ok(())
            }
        }
    }

    /// `N` bytes: a salt (16), a signing key (32).
    pub fn bytes<const N: usize>(&mut self) -> Result<[u8; N], Fault> {
        let mut out = [0; N];
        self.fill(&mut out)?;
        Ok(out)
    }

    /// A UUIDv7 for the moment `now_ms` (milliseconds UTC): the id of an act or a stream.
    pub fn uuid7(&mut self, now_ms: i64) -> Result<Id, Fault> {
        let random = self.bytes::<10>()?;
        let moment = u64::try_from(now_ms).unwrap_or(0);
        Ok(Builder::from_unix_timestamp_millis(moment, &random)
            .into_uuid()
            .into_bytes())
    }
}

/// The id of something that can happen only once: a UUIDv8 over what makes it itself, such as rule, stream and
/// due date of a lapse.
pub fn uuid8(parts: &[&[u8]]) -> Id {
    let mut hasher = Sha256::new();
    for part in parts {
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        hasher.update(format!("{}:", part.len()));
        hasher.update(part);
        hasher.update(b",");
    }
    let digest: [u8; 32] = hasher.finalize().into();
    let mut head = [0; 16];
    head.copy_from_slice(&digest[..16]);
    Builder::from_custom_bytes(head).into_uuid().into_bytes()
}

/// Bytes from the operating system, whatever seed the rest of the program uses.
pub fn system_bytes(out: &mut [u8]) -> Result<(), Fault> {
    getrandom::fill(out).map_err(|error| {
        Fault::new(FaultKind::World, format!("操作系统不能提供随机数（{error}）"))
            .hint("这是系统问题：重新启动计算机后再试，仍不行请系统管理员检查。")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn equal_seeds_give_equal_bytes_and_different_seeds_do_not() {
        let draw = |seed| Entropy::seeded(seed).bytes::<100>().unwrap();
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        let mut in_pieces = Entropy::seeded(7);
        let mut pieces = in_pieces.bytes::<33>().unwrap().to_vec();
        pieces.extend(in_pieces.bytes::<67>().unwrap());
        assert_eq!(pieces, draw(7));
        assert_ne!(Entropy::seeded_at(7, b"head").bytes::<100>().unwrap(), draw(7));
        assert_ne!(
            Entropy::System.bytes::<16>().unwrap(),
            Entropy::System.bytes::<16>().unwrap()
        );
    }

    #[test]
    fn ids_carry_their_version_and_moment() {
        let id = uuid::Uuid::from_bytes(Entropy::seeded(1).uuid7(1_700_000_000_123).unwrap());
        assert_eq!(id.get_version_num(), 7);
        let (seconds, nanos) = id.get_timestamp().unwrap().to_unix();
        assert_eq!((seconds, nanos), (1_700_000_000, 123_000_000));
        let once = uuid8(&[b"lapse", b"stream", b"2026-11-23"]);
        assert_eq!(uuid::Uuid::from_bytes(once).get_version_num(), 8);
        assert_eq!(once, uuid8(&[b"lapse", b"stream", b"2026-11-23"]));
        assert_ne!(once, uuid8(&[b"laps", b"estream", b"2026-11-23"]));
    }
}
