//! One cell: what its tag says, and the paragraphs in it.

use quick_xml::events::{BytesStart, Event};

use crate::domain::fault::Fault;

use super::super::grid::{Cell, Kind};
use super::super::package::{Xml, attribute, broken};

/// Inside a cell, but not what a person reads in it: remarks, pictures, readings above characters, footnotes.
const ASIDE: [&[u8]; 7] = [
    b"annotation",
    b"frame",
    b"custom-shape",
    b"ruby-text",
    b"note",
    b"shapes",
    b"table",
];
/// Most blanks one tag stands for: as many as a cell holds characters.
const BLANKS: u32 = 32_767;

/// What the tag of a cell says.
pub(super) struct Head {
    /// Covered by a merged range.
    pub(super) covered: bool,
    /// Columns and rows it spans.
    pub(super) spans: (u32, u32),
    kind: String,
    value: String,
    is_formula: bool,
    is_error: bool,
}

impl Head {
    pub(super) fn of(tag: &BytesStart<'_>, covered: bool) -> Self {
        let mut head = Self {
            covered,
            spans: (1, 1),
            kind: String::new(),
            value: String::new(),
            is_formula: false,
            is_error: false,
        };
        for attribute in tag.attributes().with_checks(false).flatten() {
            let value = || attribute.unescape_value().map(|v| v.into_owned()).unwrap_or_default();
            // The same local names come twice: in the standard's namespace and in an extension's, which alone knows
            // error values.
            let extension = attribute.key.prefix().is_some_and(|p| p.as_ref() == b"calcext");
            match (attribute.key.local_name().as_ref(), extension) {
                (b"value-type", true) => head.is_error = &*attribute.value == b"error",
                (b"value-type", false) => head.kind = value(),
                (b"value" | b"date-value" | b"boolean-value" | b"string-value", false) => head.value = value(),
                (b"formula", _) => head.is_formula = true,
                (b"number-columns-spanned", _) => head.spans.0 = number(&attribute.value),
                (b"number-rows-spanned", _) => head.spans.1 = number(&attribute.value),
                _ => {}
            }
        }
        head
    }
}

/// A count in an attribute; at least one, whatever is written there.
pub(super) fn number(text: &[u8]) -> u32 {
    let number = std::str::from_utf8(text)
        .ok()
        .and_then(|t| t.trim().parse::<u32>().ok());
    number.unwrap_or(1).max(1)
}

/// Reads to the end of the cell.
pub(super) fn read(xml: &mut Xml<'_>, head: &Head) -> Result<Cell, Fault> {
    let shown = paragraphs(xml)?;
    let cell = match head.kind.as_str() {
        _ if head.is_error || is_error(&shown, head) => Cell {
            text: shown,
            kind: Kind::Error,
        },
        "float" | "percentage" | "currency" => match head.value.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Cell::number(number, false, false),
            _ => Cell::text(shown),
        },
        "date" => match head.value.get(..10).and_then(|day| day.parse().ok()) {
            Some(day) => Cell::date(day),
            None => Cell::text(shown),
        },
        "boolean" => Cell::bool(head.value.trim() == "true"),
        _ if shown.is_empty() => Cell::text(head.value.clone()),
        _ => Cell::text(shown),
    };
    Ok(if head.is_formula && cell.kind != Kind::Empty {
        Cell {
            kind: Kind::Formula,
            ..cell
        }
    } else {
        cell
    })
}

/// Writers without the extension show the error's code in a cell whose formula gave no value.
fn is_error(shown: &str, head: &Head) -> bool {
    head.is_formula && (shown.starts_with("Err:") || shown.starts_with('#') && shown.ends_with(['!', '?', 'A']))
}

/// The text of the paragraphs, a line each.
fn paragraphs(xml: &mut Xml<'_>) -> Result<String, Fault> {
    let mut text = String::new();
    let (mut depth, mut paragraph, mut aside, mut any) = (1u32, 0u32, 0u32, false);
    let mut buffer = Vec::new();
    let mut piece = String::new();
    loop {
        let event = xml.event(&mut buffer)?;
        match &event {
            Event::Start(tag) => {
                depth += 1;
                let name = tag.local_name();
                if aside > 0 || ASIDE.contains(&name.as_ref()) {
                    aside += 1;
                    continue;
                }
                match name.as_ref() {
                    b"p" => {
                        paragraph += 1;
                        if std::mem::replace(&mut any, true) {
                            text.push('\n');
                        }
                    }
                    b"s" if paragraph > 0 => {
                        let blanks = attribute(tag, "c").map_or(1, |c| number(c.as_bytes())).min(BLANKS);
                        text.extend(std::iter::repeat_n(' ', blanks as usize));
                        xml.bounded(&text)?;
                    }
                    b"tab" if paragraph > 0 => text.push('\t'),
                    b"line-break" if paragraph > 0 => text.push('\n'),
                    _ => {}
                }
            }
            Event::End(tag) => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
                if aside > 0 {
                    aside -= 1;
                } else if tag.local_name().as_ref() == b"p" {
                    paragraph = paragraph.saturating_sub(1);
                }
            }
            Event::Eof => return Err(broken(xml.path())),
            event if paragraph > 0 && aside == 0 => {
                piece.clear();
                xml.read_text(event, &mut piece)?;
                join(&mut text, &piece);
                xml.bounded(&text)?;
            }
            _ => {}
        }
    }
    Ok(text)
}

/// Blanks and line breaks of the XML count as one blank, and as none where a line begins.
fn join(text: &mut String, piece: &str) {
    for c in piece.chars() {
        if !matches!(c, ' ' | '\t' | '\r' | '\n') {
            text.push(c);
        } else if !text.is_empty() && !text.ends_with([' ', '\t', '\n']) {
            text.push(' ');
        }
    }
}
