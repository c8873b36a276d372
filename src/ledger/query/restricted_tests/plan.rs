//! What is done to whom on which day.

use crate::domain::StreamId;

pub const PEOPLE: usize = 20;
/// The two records of one man, and the day they are found to be one.
pub const TWIN: (usize, usize) = (18, 19);
pub const FOUND_OUT: i64 = 350;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    Correction,
    Order,
    Formal,
    Outside,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Never,
    Lifted,
    Failed,
    Revoked,
    AppealRevoked,
    AppealModified,
    /// An outside decision: entered wrongly.
    Voided,
}

#[derive(Debug, Clone)]
pub struct Case {
    pub source: Source,
    pub people: Vec<usize>,
    /// Day it began.
    pub from: i64,
    /// Day it was written down.
    pub recorded: i64,
    pub end: End,
    /// Day of the end, as it happened and as it was written down.
    pub ended: i64,
    pub ended_recorded: i64,
    /// Outside decisions: last day.
    pub last: i64,
    pub stream: Option<StreamId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Ordered,
    EntryError,
    Left,
}

/// A plain generator of numbers, so that the plan is the same every time.
pub struct Dice(u64);

impl Dice {
    pub fn below(&mut self, most: i64) -> i64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % u64::try_from(most).unwrap()).unwrap()
    }
}

pub fn plan() -> Vec<Case> {
    let mut dice = Dice(20_261_123);
    let mut cases = Vec::new();
    for person in 0..PEOPLE {
        let sources = [Source::Correction, Source::Order, Source::Formal, Source::Outside];
        // People 0–15 have every combination of the four; the last four have all of them, in other orders.
        let chosen = sources
            .iter()
            .enumerate()
            .filter(|(bit, _)| person >= 16 || person & (1 << bit) != 0);
        for (_, source) in chosen {
            // Some begin on rest days, some are written down late.
            let from = dice.below(330);
            let recorded = from + [0, 0, 1, 2, 9][usize::try_from(dice.below(5)).unwrap()];
            let end = match (source, dice.below(8)) {
                (Source::Outside, 0) => End::Voided,
                (Source::Outside, _) => End::Never,
                (_, 0) => End::Never,
                (_, 1) => End::Revoked,
                (_, 2) => End::AppealRevoked,
                (_, 3) => End::AppealModified,
                (Source::Formal, _) => End::Never,
                (_, 4) => End::Failed,
                _ => End::Lifted,
            };
            // An appeal comes within a month of service.
            let longest = if matches!(end, End::AppealRevoked | End::AppealModified) {
                14
            } else {
                120
            };
            let ended = recorded + dice.below(longest);
            let mut people = vec![person];
            // Some 诫勉纠错 name a second leader.
            if *source == Source::Correction && person % 5 == 1 {
                people.push((person + 1) % PEOPLE);
            }
            cases.push(Case {
                source: *source,
                people,
                from,
                recorded,
                end,
                ended,
                ended_recorded: ended + [0, 0, 3, 12][usize::try_from(dice.below(4)).unwrap()],
                last: from + 20 + dice.below(200),
                stream: None,
            });
        }
    }
    cases
}

/// Who changes his post, on which day, and why: all of them while they are restricted.
pub const MOVES: [(i64, usize, Move); 6] = [
    (150, 9, Move::Ordered),
    (160, 15, Move::EntryError),
    (200, 13, Move::Ordered),
    (240, 15, Move::Left),
    (300, 7, Move::Left),
    (320, 16, Move::Ordered),
];
