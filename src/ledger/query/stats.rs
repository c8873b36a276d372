//! The article's figures, counted over this office's live records.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Ask, Reader};

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
    pub fn stats(&self) -> Result<Figures, Ask> {
        self.ask(|| {
            let mut all = Figures::default();
            let texts = self.texts();
            for table in texts.layout.tables.values() {
                let sheet = &table.sheet;
                for figure in &sheet.figures {
                    let value = if self.on().is_some() {
                        self.figure_then(table, figure)?
                    } else if figure.until.is_empty() {
                        self.counter(&sheet.id, "figure", &figure.id)?
                    } else {
                        self.counter(&sheet.id, "figure", &figure.id)?
                            - self.counter_before(&sheet.id, "ended", &figure.id)?
                    };
                    let label = figure.label.clone();
                    all.figures.insert(figure.id.clone(), Figure { value, label });
                }
            }
            Ok(all)
        })
    }
}
