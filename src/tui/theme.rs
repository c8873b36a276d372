//! Roles to styles, at 256 colours, 16 colours or none; the table is `assets/theme.toml`.

use std::collections::HashMap;

use ratatui::style::{Color, Modifier, Style};

use crate::app::role::Role;

const TABLE: &str = include_str!("../../assets/theme.toml");

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// 256 colours.
    Many,
    /// The 16 ANSI colours.
    Few,
    /// None, or none wanted (`NO_COLOR`, a dumb terminal).
    Mono,
}

impl Depth {
    /// Reads the environment: `NO_COLOR` and a dumb terminal mean none.
    pub fn of_environment(get: impl Fn(&str) -> Option<String>) -> Depth {
        let term = get("TERM").unwrap_or_default();
        if get("NO_COLOR").is_some_and(|v| !v.is_empty()) || term == "dumb" || (term.is_empty() && !cfg!(windows)) {
            return Depth::Mono;
        }
        let many = cfg!(windows) || term.contains("256") || term.contains("kitty") || get("COLORTERM").is_some();
        if many { Depth::Many } else { Depth::Few }
    }

    fn table(self) -> &'static str {
        match self {
            Depth::Many => "colours256",
            Depth::Few => "colours16",
            Depth::Mono => "mono",
        }
    }
}

/// The looks of all roles on this terminal.
#[derive(Clone, Debug)]
pub struct Theme {
    styles: HashMap<Role, Style>,
}

impl Theme {
    /// The shipped looks at a colour depth. A role the table lacks or spells wrong looks like plain text.
    pub fn shipped(depth: Depth) -> Theme {
        let mut tables: HashMap<String, HashMap<Role, String>> = toml::from_str(TABLE).unwrap_or_default();
        let table = tables.remove(depth.table()).unwrap_or_default();
        let styles = table
            .iter()
            .map(|(role, words)| (*role, parse(words).unwrap_or_default()))
            .collect();
        Theme { styles }
    }

    /// The look of one role.
    pub fn of(&self, role: Role) -> Style {
        self.styles.get(&role).copied().unwrap_or_default()
    }
}

/// Reads `fg=208 bg=16 bold`; `None` when a word is not known.
fn parse(words: &str) -> Option<Style> {
    let mut style = Style::reset();
    for word in words.split_whitespace() {
        style = match word.split_once('=') {
            Some(("fg", n)) => style.fg(colour(n)?),
            Some(("bg", n)) => style.bg(colour(n)?),
            Some(_) => return None,
            None => style.add_modifier(match word {
                "bold" => Modifier::BOLD,
                "dim" => Modifier::DIM,
                "underline" => Modifier::UNDERLINED,
                "reverse" => Modifier::REVERSED,
                _ => return None,
            }),
        };
    }
    Some(style)
}

/// The first 16 numbers are sent as the terminal's own colours, so that its user's palette is respected.
fn colour(number: &str) -> Option<Color> {
    const ANSI: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    let n: u8 = number.parse().ok()?;
    Some(ANSI.get(usize::from(n)).copied().unwrap_or(Color::Indexed(n)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> Depth {
        let map: HashMap<String, String> = pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        Depth::of_environment(|name| map.get(name).cloned())
    }

    #[test]
    fn no_color_and_dumb_terminals_are_mono() {
        assert_eq!(
            environment(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]),
            Depth::Mono
        );
        assert_eq!(environment(&[("TERM", "dumb")]), Depth::Mono);
        assert_eq!(
            environment(&[("TERM", "xterm-256color"), ("NO_COLOR", "")]),
            Depth::Many
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_plain_console_has_sixteen_colours() {
        assert_eq!(environment(&[("TERM", "linux")]), Depth::Few);
    }

    #[test]
    fn every_role_is_spelled_right_in_every_table() {
        let tables: HashMap<String, HashMap<String, String>> = toml::from_str(TABLE).unwrap();
        let whole: HashMap<String, HashMap<Role, String>> = toml::from_str(TABLE).unwrap();
        for name in ["colours256", "colours16", "mono"] {
            assert_eq!(whole[name].len(), Role::ALL.len(), "{name}");
            for (role, words) in &tables[name] {
                assert!(parse(words).is_some(), "{name}.{role} = {words}");
            }
        }
    }

    #[test]
    fn mono_sends_no_colour_and_still_shows_the_selection() {
        let theme = Theme::shipped(Depth::Mono);
        for role in Role::ALL {
            let style = theme.of(role);
            assert!(matches!(style.fg, None | Some(Color::Reset)) && matches!(style.bg, None | Some(Color::Reset)));
        }
        assert!(theme.of(Role::Selected).add_modifier.contains(Modifier::REVERSED));
    }

    #[test]
    fn orange_is_208() {
        assert_eq!(
            Theme::shipped(Depth::Many).of(Role::Orange).bg,
            Some(Color::Indexed(208))
        );
    }
}
