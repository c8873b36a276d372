//! A calendar as the text of a calendar file.

use std::fmt::Write;

use chrono::NaiveDate;

use super::{Calendar, Rest, YearNotice};

/// What stands above the years.
const HEAD: &str = "# 放假调休日历：逐年按国务院办公厅的放假通知填写。周六、周日本来就休息，不必列入。\n";
/// Working days on one line.
const PER_LINE: usize = 8;

impl Calendar {
    /// The text of a file that reads as this calendar.
    pub fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for notice in self.notices() {
            text.push('\n');
            text.push_str(&notice.text());
        }
        text
    }
}

impl YearNotice {
    /// Its `[[year]]` block.
    pub fn text(&self) -> String {
        let mut text = format!("[[year]]\nyear = {}\nconfirmed = {}\n", self.year, self.confirmed);
        // Writing to a String cannot fail.
        if let Some(title) = &self.title {
            let _ = writeln!(text, "notice = {}", quoted(title));
        }
        if !self.rests.is_empty() {
            text.push_str("rest = [\n");
            self.rests.iter().for_each(|rest| text.push_str(&line(rest)));
            text.push_str("]\n");
        }
        if !self.works.is_empty() {
            let lines: Vec<String> = self.works.chunks(PER_LINE).map(days).collect();
            let open = if lines.len() > 1 { "\n  " } else { "" };
            let close = if lines.len() > 1 { ",\n" } else { "" };
            let _ = writeln!(text, "work = [{open}{}{close}]", lines.join(",\n  "));
        }
        text
    }
}

fn line(rest: &Rest) -> String {
    let to = if rest.to == rest.from {
        String::new()
    } else {
        format!(", to = {}", rest.to)
    };
    format!("  {{ name = {}, from = {}{to} }},\n", quoted(&rest.name), rest.from)
}

fn days(days: &[NaiveDate]) -> String {
    let written: Vec<String> = days.iter().map(ToString::to_string).collect();
    written.join(", ")
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
