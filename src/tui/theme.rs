//! Roles to styles, at 256 colours, 16 colours or none; the table is `assets/theme.toml`.

use std::collections::HashMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

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
}

/// What a terminal's background is taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Background {
    /// What the terminal says; dark when it says nothing.
    #[default]
    Auto,
    /// Light text on dark.
    Dark,
    /// Dark text on light.
    Light,
}

/// How wide ambiguous glyphs are taken to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Width {
    /// What the terminal says.
    #[default]
    Auto,
    /// Two cells: lines are drawn in ASCII.
    Wide,
    /// One cell.
    Narrow,
}

/// The switches of the theme file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    /// The background.
    pub background: Background,
    /// Ambiguous glyphs.
    pub width: Width,
    /// Whether the wheel moves and a click selects; off, as the terminal's own selecting needs the mouse.
    pub mouse: bool,
}

type Tables = HashMap<&'static str, HashMap<Role, Style>>;

/// The theme file as shipped, with what the office's own one changes.
#[derive(Clone, Debug)]
pub struct Looks {
    /// Its switches.
    pub switches: Switches,
    tables: Tables,
}

/// The tables of the file; a `_light` one holds only what differs on a light background.
const NAMES: [&str; 5] = ["colours256", "colours256_light", "colours16", "colours16_light", "mono"];

impl Looks {
    /// The shipped looks.
    pub fn shipped() -> Looks {
        let mut looks = Looks {
            switches: Switches::default(),
            tables: HashMap::new(),
        };
        // a test reads it without a mistake
        looks.change(TABLE);
        looks
    }

    /// The shipped looks with what `own` (the office's `theme.toml`) changes, and every mistake in it, one sentence
    /// each. What is wrong is left as shipped.
    pub fn with(own: &str) -> (Looks, Vec<String>) {
        let mut looks = Looks::shipped();
        let mistakes = looks.change(own);
        (looks, mistakes)
    }

    fn change(&mut self, text: &str) -> Vec<String> {
        let file: toml::Table = match text.parse() {
            Ok(file) => file,
            Err(error) => {
                let line = error.span().map_or(1, |span| text[..span.start].lines().count().max(1));
                return vec![format!("theme.toml 第 {line} 行写法不对，整个文件未采用")];
            }
        };
        let mut mistakes = Vec::new();
        for (name, table) in &file {
            let Some(table) = table.as_table() else {
                mistakes.push(format!("theme.toml 中的“{name}”应写成一节 [{name}]"));
                continue;
            };
            if name == "console" {
                self.switches(table, &mut mistakes);
            } else if let Some(name) = NAMES.iter().find(|known| *known == name) {
                self.roles(name, table, &mut mistakes);
            } else {
                mistakes.push(format!("theme.toml 没有 [{name}] 这一节"));
            }
        }
        mistakes
    }

    fn switches(&mut self, table: &toml::Table, mistakes: &mut Vec<String>) {
        for (name, value) in table {
            let set = match name.as_str() {
                "background" => value
                    .clone()
                    .try_into()
                    .map(|new| self.switches.background = new)
                    .is_ok(),
                "width" => value.clone().try_into().map(|new| self.switches.width = new).is_ok(),
                "mouse" => value.as_bool().map(|new| self.switches.mouse = new).is_some(),
                _ => false,
            };
            if !set {
                mistakes.push(format!(
                    "theme.toml [console] 的“{name} = {value}”不对：可写 background = auto、dark、light，\
                     width = auto、wide、narrow，mouse = true、false"
                ));
            }
        }
    }

    fn roles(&mut self, name: &'static str, table: &toml::Table, mistakes: &mut Vec<String>) {
        let styles = self.tables.entry(name).or_default();
        for (role, words) in table {
            let known: Option<Role> = toml::Value::String(role.clone()).try_into().ok();
            let style = words.as_str().and_then(parse);
            match (known, style) {
                (Some(role), Some(style)) => {
                    styles.insert(role, style);
                }
                (None, _) => mistakes.push(format!("theme.toml [{name}] 没有“{role}”这一项")),
                (_, None) => mistakes.push(format!(
                    "theme.toml [{name}] 的“{role} = {words}”不对：可写 fg=数字、bg=数字、bold、dim、underline、reverse"
                )),
            }
        }
    }

    /// The looks of all roles at a colour depth, on a dark or light background.
    pub fn theme(&self, depth: Depth, light: bool) -> Theme {
        let mut styles = HashMap::new();
        let tables: &[&str] = match (depth, light) {
            (Depth::Many, false) => &["colours256"],
            (Depth::Many, true) => &["colours256", "colours256_light"],
            (Depth::Few, false) => &["colours16"],
            (Depth::Few, true) => &["colours16", "colours16_light"],
            (Depth::Mono, _) => &["mono"],
        };
        for name in tables {
            styles.extend(
                self.tables
                    .get(name)
                    .into_iter()
                    .flatten()
                    .map(|(role, style)| (*role, *style)),
            );
        }
        Theme { styles }
    }
}

/// The looks of all roles on this terminal.
#[derive(Clone, Debug)]
pub struct Theme {
    styles: HashMap<Role, Style>,
}

impl Theme {
    /// The shipped looks at a colour depth, on a dark background.
    pub fn shipped(depth: Depth) -> Theme {
        Looks::shipped().theme(depth, false)
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
        let mut looks = Looks {
            switches: Switches::default(),
            tables: HashMap::new(),
        };
        assert_eq!(looks.change(TABLE), Vec::<String>::new());
        for name in ["colours256", "colours16", "mono"] {
            assert_eq!(looks.tables[name].len(), Role::ALL.len(), "{name}");
        }
        assert_eq!(looks.tables.len(), NAMES.len());
        assert_eq!(
            looks.switches,
            Switches::default(),
            "shipped with everything automatic and the mouse off"
        );
    }

    #[test]
    fn an_offices_own_file_changes_what_it_names_and_every_mistake_is_told() {
        let own = "[console]\nmouse = true\nbackground = \"grey\"\n[colours256]\norange = \"bg=202\"\n\
                   purple = \"bold\"\nred = \"loud\"\n[colours8]\ntext = \"\"\n";
        let (looks, mistakes) = Looks::with(own);
        assert!(looks.switches.mouse);
        assert_eq!(looks.switches.background, Background::Auto);
        let theme = looks.theme(Depth::Many, false);
        assert_eq!(theme.of(Role::Orange).bg, Some(Color::Indexed(202)));
        assert_eq!(theme.of(Role::Red), Theme::shipped(Depth::Many).of(Role::Red));
        assert_eq!(mistakes.len(), 4, "{mistakes:?}");
        let (looks, mistakes) = Looks::with("[console]\nmouse = true\nmouse mouse");
        assert!(!looks.switches.mouse && mistakes[0].contains("第 3 行"), "{mistakes:?}");
    }

    /// What the eye makes of a colour, 0 … 1 (WCAG relative luminance); the cube and the grey ramp of 256 colours.
    fn luminance(colour: Color, standing: f64) -> f64 {
        let Color::Indexed(n) = colour else { return standing };
        let (r, g, b) = match n {
            232.. => (8 + 10 * (n - 232), 8 + 10 * (n - 232), 8 + 10 * (n - 232)),
            _ => {
                let level = |i: u8| if i == 0 { 0 } else { 55 + 40 * i };
                let n = n - 16;
                (level(n / 36), level(n / 6 % 6), level(n % 6))
            }
        };
        let part = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 {
                v / 12.92
            } else {
                ((v + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b)
    }

    #[test]
    fn every_role_can_be_read_on_black_and_on_white() {
        for (light, paper) in [(false, 0.0), (true, 1.0)] {
            let theme = Looks::shipped().theme(Depth::Many, light);
            for role in Role::ALL {
                let style = theme.of(role);
                let front = luminance(style.fg.unwrap_or_default(), 1.0 - paper);
                let back = luminance(style.bg.unwrap_or_default(), paper);
                let contrast = (front.max(back) + 0.05) / (front.min(back) + 0.05);
                // what is dim on purpose may have less
                let least = if matches!(role, Role::Dim | Role::Border | Role::Disabled) {
                    3.0
                } else {
                    4.5
                };
                assert!(contrast >= least, "{role:?} light={light}: {contrast:.1}");
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
