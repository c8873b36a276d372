//! The article's figures, counted over this office's live records.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Reader;
use crate::domain::fault::Fault;

/// One figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Its value here.
    pub value: i64,
    /// What it counts.
    pub label: String,
}

/// All figures by id (`F01` …).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// By id.
    pub figures: BTreeMap<String, Figure>,
}

impl Reader {
    /// The figures the registers declare, out of counters.
    pub fn stats(&self) -> Result<Figures, Fault> {
        self.ask(|| {
            let mut all = Figures::default();
            for sheet in self.texts().sheets.iter() {
                for figure in &sheet.figures {
                    let mut value = self.counter(&sheet.id, "figure", &figure.id)?;
                    if !figure.until.is_empty() {
                        value -= self.counter_before(&sheet.id, "ended", &figure.id)?;
                    }
                    let label = figure.label.clone();
                    all.figures.insert(figure.id.clone(), Figure { value, label });
                }
            }
            Ok(all)
        })
    }
}
