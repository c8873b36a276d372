//! Bodies as small integers, so that an index entry costs two bytes instead of forty-seven.
//!
//! `place in BodyRef::FIXED` for the bodies every office has; `unit's row id × 16 + 8 or 9` for a unit's 推委会 or
//! 社监会. Computed, so that a rebuild gives the same keys.

use crate::domain::{BodyRef, StreamId};

/// All bodies together (全区).
pub const ALL: i64 = -1;

/// Tag of a unit's 推委会.
pub const IMPLEMENTATION: i64 = 8;
/// Tag of a unit's 社监会.
pub const SOCIAL: i64 = 9;

/// A body as read back from its key; a unit still stands for its row id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keyed {
    /// One of [`BodyRef::FIXED`].
    Fixed(BodyRef),
    /// 推委会 of the unit with this row id.
    Implementation(i64),
    /// 社监会 of the unit with this row id.
    Social(i64),
}

/// The key of a body; `id_of` gives the row id of a unit. `None` when the unit is unknown.
pub fn key<E>(body: BodyRef, id_of: impl FnOnce(StreamId) -> Result<Option<i64>, E>) -> Result<Option<i64>, E> {
    let (unit, tag) = match body {
        BodyRef::Implementation(unit) => (unit, IMPLEMENTATION),
        BodyRef::Social(unit) => (unit, SOCIAL),
        fixed => {
            let place = BodyRef::FIXED.iter().position(|b| *b == fixed).unwrap_or_default();
            return Ok(i64::try_from(place).ok());
        }
    };
    Ok(id_of(unit)?.map(|id| id * 16 + tag))
}

/// Reads a key back; `None` for [`ALL`] and for what is no key.
pub fn split(key: i64) -> Option<Keyed> {
    match (key.div_euclid(16), key.rem_euclid(16)) {
        (0, place) => BodyRef::FIXED
            .get(usize::try_from(place).ok()?)
            .copied()
            .map(Keyed::Fixed),
        (id, IMPLEMENTATION) if id > 0 => Some(Keyed::Implementation(id)),
        (id, SOCIAL) if id > 0 => Some(Keyed::Social(id)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_body_has_a_key_of_its_own_and_reads_back() {
        let unit = StreamId([3; 16]);
        let id = |_| Ok::<_, ()>(Some(7));
        for body in BodyRef::FIXED {
            assert_eq!(split(key(body, id).unwrap().unwrap()), Some(Keyed::Fixed(body)));
        }
        let of = |body| split(key(body, id).unwrap().unwrap()).unwrap();
        assert_eq!(of(BodyRef::Implementation(unit)), Keyed::Implementation(7));
        assert_eq!(of(BodyRef::Social(unit)), Keyed::Social(7));
        assert_eq!(key(BodyRef::Social(unit), |_| Ok::<_, ()>(None)), Ok(None));
        assert_eq!(split(ALL), None);
    }
}
