//! Chance that repeats: equal seed and purpose give equal draws, on every machine.

use sha2::{Digest, Sha256};

/// A small seeded generator (splitmix64). Each purpose has its own, so that more draws for one leave the others alone.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Draws for one purpose.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let digest = digest(seed, purpose, 0);
        Self(digest.iter().take(8).fold(0, |n, b| n << 8 | u64::from(*b)))
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 ≤ result < `n`; 0 when `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let high = (u128::from(self.next()) * n as u128) >> 64;
        usize::try_from(high).unwrap_or(0)
    }

    /// `low` ≤ result ≤ `high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high - low + 1).unwrap_or(0);
        low + i64::try_from(self.below(span)).unwrap_or(0)
    }

    /// True once in `n` draws.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    /// One of them; `None` only of nothing.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// One of the phrases; empty only of nothing.
    pub fn phrase<'a>(&mut self, of: &'a [String]) -> &'a str {
        self.pick(of).map_or("", String::as_str)
    }

    /// Puts them in another order (Fisher–Yates).
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for i in (1..list.len()).rev() {
            list.swap(i, self.below(i + 1));
        }
    }
}

/// 16 bytes that name one thing of one sample: the same for the same seed.
///
/// Things of one kind ascend with their number, so that a million of them fill an index from one end to the other.
pub fn id(seed: u64, kind: &str, n: usize) -> [u8; 16] {
    let (kind, own) = (digest(seed, kind, usize::MAX), digest(seed, kind, n));
    let mut id = [0; 16];
    id[..4].copy_from_slice(&kind[..4]);
    id[4..8].copy_from_slice(&u32::try_from(n).unwrap_or(u32::MAX).to_be_bytes());
    id[8..].copy_from_slice(&own[..8]);
    id
}

fn digest(seed: u64, purpose: &str, n: usize) -> [u8; 32] {
    Sha256::new()
        .chain_update(b"lianneng-sample-1")
        .chain_update(seed.to_be_bytes())
        .chain_update((n as u64).to_be_bytes())
        .chain_update(purpose.as_bytes())
        .finalize()
        .into()
}

/// Shares `total` among weights exactly, by largest remainder; ties go to the earlier one.
pub fn share(total: usize, weights: &[usize]) -> Vec<usize> {
    let sum = weights.iter().sum::<usize>().max(1);
    let mut parts: Vec<usize> = weights.iter().map(|w| w * total / sum).collect();
    let mut order: Vec<usize> = (0..weights.len()).filter(|i| weights[*i] > 0).collect();
    order.sort_by_key(|i| std::cmp::Reverse(weights[*i] * total % sum));
    let missing = total.saturating_sub(parts.iter().sum());
    for i in order.into_iter().cycle().take(missing) {
        parts[i] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_seeds_draw_equally_and_others_do_not() {
        let draw = |seed, purpose| {
            (0..8)
                .map(|_| ())
                .scan(Dice::new(seed, purpose), |d, ()| Some(d.next()))
                .collect::<Vec<_>>()
        };
        assert_eq!(draw(1, "people"), draw(1, "people"));
        assert_ne!(draw(1, "people"), draw(2, "people"));
        assert_ne!(draw(1, "people"), draw(1, "points"));
    }

    #[test]
    fn sharing_gives_away_exactly_the_total() {
        for total in [0, 1, 7, 100, 1698] {
            assert_eq!(share(total, &[3, 1, 0, 2, 2]).iter().sum::<usize>(), total);
        }
        assert_eq!(share(10, &[0, 1]), [0, 10]);
    }

    #[test]
    fn below_stays_below() {
        let mut dice = Dice::new(7, "test");
        assert!((0..1000).all(|_| dice.below(3) < 3));
        assert_eq!(dice.below(0), 0);
    }
}
