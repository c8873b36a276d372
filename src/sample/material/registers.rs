//! `registers.toml`: phrases of the plain registers.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The whole file.
#[derive(Debug, Deserialize)]
pub struct Registers {
    /// Powers.
    pub power: PowerWords,
    /// Processes.
    pub process: ProcessWords,
    /// Informants.
    pub informant: InformantWords,
    /// Regulations.
    pub regulation: RegulationWords,
    /// Education.
    pub education: EducationWords,
    /// Publicity.
    pub publicity: PublicityWords,
}

/// Powers.
#[derive(Debug, Deserialize)]
pub struct PowerWords {
    /// Category ids per item.
    pub category: BTreeMap<String, Vec<String>>,
    /// Legal bases per item.
    pub basis: BTreeMap<String, Vec<String>>,
    /// `commitment`, `discipline`, `reviewers`.
    pub text: BTreeMap<String, Vec<String>>,
}

/// Processes.
#[derive(Debug, Deserialize)]
pub struct ProcessWords {
    /// Conditions.
    pub conditions: Vec<String>,
    /// Chains of steps.
    pub steps: Vec<Vec<String>>,
    /// Working days.
    pub limits: Vec<u32>,
    /// Checks.
    pub checks: Vec<String>,
    /// Where to complain.
    pub channels: Vec<String>,
}

/// Informants.
#[derive(Debug, Deserialize)]
pub struct InformantWords {
    /// Category ids.
    pub categories: Vec<String>,
    /// Terms in years.
    pub terms: Vec<i64>,
}

/// Regulations.
#[derive(Debug, Deserialize)]
pub struct RegulationWords {
    /// Titles per theme id.
    pub topics: BTreeMap<String, Vec<String>>,
}

/// Education.
#[derive(Debug, Deserialize)]
pub struct EducationWords {
    /// Source ids.
    pub sources: Vec<String>,
    /// Phase ids.
    pub phases: Vec<String>,
    /// Topics per form id.
    pub topics: BTreeMap<String, Vec<String>>,
    /// Training classes.
    pub class: ClassWords,
    /// Audiences.
    #[serde(default)]
    pub audiences: Vec<String>,
}

/// Training classes.
#[derive(Debug, Deserialize)]
pub struct ClassWords {
    /// Topics.
    pub topics: Vec<String>,
}

/// Publicity.
#[derive(Debug, Deserialize)]
pub struct PublicityWords {
    /// Places.
    pub places: Vec<String>,
    /// Columns (期).
    pub columns: Vec<String>,
    /// Albums (套).
    pub albums: Vec<String>,
    /// Boards (块).
    pub boards: Vec<String>,
}
