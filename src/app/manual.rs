//! The manual inside the console: the pages of `assets/manual/`, read on a screen of their own, searched from the help.

use super::key::Key;

/// The pages, in the order of their numbers.
const TEXTS: [&str; 10] = [
    include_str!("../../assets/manual/01_开始.md"),
    include_str!("../../assets/manual/02_风险点.md"),
    include_str!("../../assets/manual/03_预警.md"),
    include_str!("../../assets/manual/04_三诫勉.md"),
    include_str!("../../assets/manual/05_签批和回签.md"),
    include_str!("../../assets/manual/06_撤回.md"),
    include_str!("../../assets/manual/07_表格.md"),
    include_str!("../../assets/manual/08_保管.md"),
    include_str!("../../assets/manual/09_干部和单位.md"),
    include_str!("../../assets/manual/10_按键.md"),
];

/// What a line of a page is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The title of the page or of a part of it.
    Heading,
    /// One of a list.
    Item,
    /// A paragraph.
    Text,
}

/// A paragraph, unwrapped, without marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub kind: Kind,
    /// Its words.
    pub text: String,
}

/// A part of a page: what the help lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The page, from 0.
    pub page: usize,
    /// Its heading's place among the page's lines.
    pub line: usize,
    /// `预警`, or `预警 来源人` for a part of it.
    pub title: String,
    /// All its words.
    pub text: String,
}

/// A page on show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manual {
    /// Which, from 0.
    pub page: usize,
    /// The paragraph at the top.
    pub top: usize,
}

/// How many pages there are.
pub fn pages() -> usize {
    TEXTS.len()
}

/// The paragraphs of a page.
pub fn lines(page: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open = false;
    for raw in TEXTS.get(page).copied().unwrap_or_default().lines() {
        let line = raw.trim();
        let numbered = line.split_once(". ").is_some_and(|(n, _)| n.parse::<u8>().is_ok());
        let (kind, text) = if let Some(heading) = line.strip_prefix('#') {
            (Kind::Heading, heading.trim_start_matches(['#', ' ']))
        } else if let Some(item) = line.strip_prefix("- ") {
            (Kind::Item, item)
        } else if numbered {
            (Kind::Item, line)
        } else {
            (Kind::Text, line)
        };
        let text = text.replace(['`', '*'], "");
        match lines.last_mut() {
            // a line broken in the file goes on in the next
            Some(last) if open && kind == Kind::Text && !text.is_empty() => last.text.push_str(&text),
            _ if text.is_empty() => {}
            _ => lines.push(Line { kind, text }),
        }
        open = kind != Kind::Heading && !line.is_empty();
    }
    lines
}

/// The title of a page.
pub fn title(page: usize) -> String {
    lines(page).into_iter().next().map(|line| line.text).unwrap_or_default()
}

/// All parts of all pages.
pub fn parts() -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for page in 0..pages() {
        let title = title(page);
        for (at, line) in lines(page).into_iter().enumerate() {
            match parts.last_mut() {
                Some(part) if line.kind != Kind::Heading => part.text.push_str(&line.text),
                _ => parts.push(Part {
                    page,
                    line: at,
                    title: if at == 0 {
                        title.clone()
                    } else {
                        format!("{title} {}", line.text)
                    },
                    text: String::new(),
                }),
            }
        }
    }
    parts
}

impl Manual {
    /// Acts on a key; false when the manual is to be closed.
    pub fn key(&mut self, key: Key) -> bool {
        let last = lines(self.page).len().saturating_sub(1);
        match key {
            Key::Esc | Key::Enter => return false,
            Key::Up => self.top = self.top.saturating_sub(1),
            Key::Down => self.top = (self.top + 1).min(last),
            Key::PgUp => self.top = self.top.saturating_sub(8),
            Key::PgDn | Key::Space => self.top = (self.top + 8).min(last),
            Key::Home => self.top = 0,
            Key::End => self.top = last,
            Key::Left | Key::BackTab if self.page > 0 => {
                *self = Manual {
                    page: self.page - 1,
                    top: 0,
                }
            }
            Key::Right | Key::Tab if self.page + 1 < pages() => {
                *self = Manual {
                    page: self.page + 1,
                    top: 0,
                }
            }
            _ => {}
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::actions::{ACTIONS, Action};

    #[test]
    fn every_page_of_the_folder_is_inside_and_none_shows_its_marks() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/manual");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|file| std::fs::read_to_string(file.path()).ok())
            .collect();
        files.sort();
        let mut inside = TEXTS.map(str::to_owned).to_vec();
        inside.sort();
        assert_eq!(files, inside);
        for page in 0..pages() {
            for line in lines(page) {
                assert!(
                    !line.text.contains(['`', '#', '*']) && !line.text.is_empty(),
                    "{line:?}"
                );
            }
        }
    }

    #[test]
    fn the_page_of_the_keys_is_the_table_of_actions() {
        let page = lines(pages() - 1);
        let row = |action: &Action| format!("{}  {}：{}。", action.keys_label(), action.label, action.explains);
        let lacks = |row: &String| !page.iter().any(|line| line.text == *row);
        let missing: Vec<String> = ACTIONS
            .iter()
            .map(row)
            .filter(lacks)
            .map(|row| format!("- {row}"))
            .collect();
        assert!(
            missing.is_empty(),
            "assets/manual/10_按键.md lacks:\n{}",
            missing.join("\n")
        );
        let items = page.iter().filter(|line| line.kind == Kind::Item).count();
        assert_eq!(items, ACTIONS.len(), "a row of the page is in no table");
    }

    #[test]
    fn parts_lead_to_their_headings() {
        let parts = parts();
        let part = parts.iter().find(|part| part.title == "预警 来源人");
        assert_eq!(
            part.map(|part| lines(part.page)[part.line].text.clone()).as_deref(),
            Some("来源人")
        );
        assert!(part.is_some_and(|part| part.text.contains("保存后即密封")));
    }
}
