//! The sample district 青澜区: invented, believable, the same for the same seed and day (A27).
//!
//! [`District`] is the material drawn into plain values: directory, registers, points, measures. [`build`] sends it
//! through the one door as whole acts, each on its day: first imports, then the stories, counted back from today.

mod accounts;
mod admonitions;
mod agenda;
mod build;
mod cast;
mod chain;
pub mod demo;
mod dice;
mod lifecycle;
mod material;
mod names;
mod places;
mod points;
mod powers;
mod records;
mod reviews;
mod rows;
mod seats;
mod tasks;
mod warnings;

#[cfg(test)]
mod tests;

use chrono::NaiveDate;

pub use accounts::Account;
pub use agenda::{Door, Touched};
pub use build::{Order, build};
pub use material::Material;
pub use places::Places;
pub use points::{Measure, Point};
pub use powers::{Power, Process};
pub use records::{Counts, Record};
pub use seats::{Seat, SeatOf};

use crate::domain::{Fault, StreamId};

/// What every file of the sample says about itself (A27).
pub const NOTE: &str = "演示样例：青澜区及其单位、人员、事项均为虚构，仅供试用和培训";

/// How much there is of everything: the figures of the article (domain.md §1.2), as counts of real records.
pub const FIGURES: Counts = Counts {
    informants: 180,
    improved: 681,
    new: 196,
    classes: 19,
    activities: 206,
    columns: 108,
    albums: 1200,
    boards: 641,
};
/// F01.
pub const POINTS: usize = 1698;
/// F02.
pub const MEASURES: usize = 1574;
/// F03.
pub const POWERS: usize = 1068;
/// F04.
pub const PROCESSES: usize = 897;
/// Points left without a measure: the gap that R041 asks to be listed.
pub const BARE: usize = 62;

/// The district, before anything was written.
#[derive(Debug)]
pub struct District {
    /// What it was drawn with.
    pub seed: u64,
    /// Units, sections, posts, people, seats.
    pub places: Places,
    /// F03.
    pub powers: Vec<Power>,
    /// F04.
    pub processes: Vec<Process>,
    /// F01.
    pub points: Vec<Point>,
    /// F02.
    pub measures: Vec<Measure>,
    /// Informants, regulations, education, publicity.
    pub records: Vec<Record>,
}

impl District {
    /// Draws the district as it stands on a day.
    pub fn draw(material: &Material, today: NaiveDate, seed: u64) -> Result<Self, Fault> {
        let places = Places::new(material, today, seed)?;
        let (powers, processes) = powers::powers(material, &places, (POWERS, PROCESSES), seed);
        let points = points::points(material, &places, &powers, POINTS, today, seed);
        let measures = points::measures(material, &places, &powers, &points, (MEASURES, BARE), seed);
        let records = records::records(material, &places, FIGURES, today, seed);
        Ok(Self {
            seed,
            places,
            powers,
            processes,
            points,
            measures,
            records,
        })
    }

    /// Identity of the n-th thing of a kind.
    pub fn id(&self, kind: &str, n: usize) -> StreamId {
        StreamId(dice::id(self.seed, kind, n))
    }
}
