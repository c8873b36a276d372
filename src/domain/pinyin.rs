//! Names typed in letters: initials (`zs`), whole (`zhangsan`), cut short (`zhangs`, `zsan`), mixed with characters
//! (`张san`), in every reading a character has (重 zhong, chong; 单 dan, shan, chan).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use pinyin::ToPinyinMulti;

use super::width::fold_char;

/// The characters a name is written with in official use: common and extended Han.
const HAN: std::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';
/// Ways of cutting typed letters into syllables that are tried, fewest pieces first.
const CUTS: usize = 12;

/// Letters of the longest syllable (`zhuang`).
const LONGEST: usize = 6;

/// Every syllable, without tones.
static SYLLABLES: LazyLock<BTreeSet<String>> = LazyLock::new(|| HAN.flat_map(syllables).collect());

/// The syllables one character is read with, without tones, ü as v; empty for what is no Han character.
pub fn syllables(c: char) -> BTreeSet<String> {
    let Some(multi) = c.to_pinyin_multi() else {
        return BTreeSet::new();
    };
    multi.into_iter().map(|p| p.plain().replace('ü', "v")).collect()
}

/// The letters that the pieces of typed letters begin with, for each way of cutting them into syllables, beginnings of
/// syllables at the end, and initials; the fewest pieces first.
pub fn initials(typed: &str) -> Vec<String> {
    let fits = |piece: &str, last: bool| piece.len() == 1 || SYLLABLES.contains(piece) || last && is_beginning(piece);
    // What each beginning of the typed letters can be cut into, by the initials of its pieces.
    let mut upto: Vec<BTreeSet<String>> = vec![BTreeSet::new(); typed.len() + 1];
    upto[0].insert(String::new());
    for start in 0..typed.len() {
        let mut heads: Vec<String> = upto[start].iter().cloned().collect();
        heads.sort_by_key(String::len);
        heads.truncate(CUTS);
        for (end, ways) in upto.iter_mut().enumerate().skip(start + 1).take(LONGEST) {
            if let Some(piece) = typed.get(start..end).filter(|piece| fits(piece, end == typed.len())) {
                ways.extend(heads.iter().map(|head| format!("{head}{}", &piece[..1])));
            }
        }
    }
    let mut found: Vec<String> = upto.pop().unwrap_or_default().into_iter().collect();
    found.sort_by_key(String::len);
    found.truncate(CUTS);
    found
}

/// True for a beginning of some syllable.
pub fn is_beginning(piece: &str) -> bool {
    SYLLABLES
        .range(piece.to_owned()..)
        .next()
        .is_some_and(|syllable| syllable.starts_with(piece))
}

/// True when what was typed spells a stretch of the name: each character by itself, by a syllable, or by the beginning
/// of one.
pub fn spells(name: &str, typed: &str) -> bool {
    let name: Vec<char> = name.chars().map(fold_char).filter(|c| c.is_alphanumeric()).collect();
    let typed: Vec<char> = typed.chars().map(fold_char).filter(|c| c.is_alphanumeric()).collect();
    if typed.is_empty() {
        return false;
    }
    // Places in `typed` that the characters of the name so far lead to; a stretch may begin at any character.
    let mut places: BTreeSet<usize> = BTreeSet::new();
    for c in name {
        places.insert(0);
        let mut after = BTreeSet::new();
        for at in places {
            let rest = &typed[at..];
            if rest.first() == Some(&c) {
                after.insert(at + 1);
            }
            for syllable in syllables(c) {
                let same = syllable.chars().zip(rest).take_while(|(s, t)| s == *t).count();
                after.extend((1..=same).map(|n| at + n));
            }
        }
        if after.contains(&typed.len()) {
            return true;
        }
        places = after;
    }
    false
}

/// The characters of a text that what was typed spells, by their places: the text itself, or by pinyin; the first
/// stretch that fits, and of several words each its own.
pub fn matched(text: &str, typed: &str) -> Vec<usize> {
    let text: Vec<char> = text.chars().map(fold_char).collect();
    let mut found = Vec::new();
    for word in typed.split_whitespace() {
        let word: Vec<char> = word.chars().map(fold_char).filter(|c| c.is_alphanumeric()).collect();
        if word.is_empty() {
            continue;
        }
        let written = (0..text.len()).find_map(|start| {
            stretch(&text[start..], &word, &|c, rest| {
                if rest.first() == Some(&c) { vec![1] } else { Vec::new() }
            })
            .map(|n| start..start + n)
        });
        let spelt =
            || (0..text.len()).find_map(|start| stretch(&text[start..], &word, &steps).map(|n| start..start + n));
        found.extend(written.or_else(spelt).into_iter().flatten());
    }
    found
}

/// How far into what was typed one character leads: by itself, by a syllable, or by the beginning of one.
fn steps(c: char, rest: &[char]) -> Vec<usize> {
    let mut after: BTreeSet<usize> = BTreeSet::new();
    if rest.first() == Some(&c) {
        after.insert(1);
    }
    for syllable in syllables(c) {
        let same = syllable.chars().zip(rest).take_while(|(s, t)| s == *t).count();
        after.extend(1..=same);
    }
    after.into_iter().collect()
}

/// How many characters from the start of a text are spelt by the whole of what was typed; marks in between are passed
/// over, as the search does.
fn stretch(text: &[char], typed: &[char], steps: &dyn Fn(char, &[char]) -> Vec<usize>) -> Option<usize> {
    if text.first().is_none_or(|c| !c.is_alphanumeric()) {
        return None;
    }
    let mut places = BTreeSet::from([0]);
    for (at, c) in text.iter().enumerate() {
        if !c.is_alphanumeric() {
            if c.is_whitespace() {
                return None;
            }
            continue;
        }
        let next = places
            .iter()
            .flat_map(|place| steps(*c, &typed[*place..]).into_iter().map(move |n| place + n));
        places = next.collect();
        if places.contains(&typed.len()) {
            return Some(at + 1);
        }
        if places.is_empty() {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spelt_in_every_usual_way() {
        for typed in [
            "zs", "zhangsan", "zhangs", "zsan", "zhsan", "张san", "zhang三", "张s", "ZS", "ｚｓ", "san", "三", "zhang",
        ] {
            assert!(spells("张三", typed), "{typed}");
        }
        for typed in ["sz", "zhangsanf", "zhanx", "三张", "li", ""] {
            assert!(!spells("张三", typed), "{typed}");
        }
    }

    #[test]
    fn the_characters_that_matched_are_known() {
        for (text, typed, places) in [
            ("张三 区财政局", "zs", &[0, 1][..]),
            ("张三 区财政局", "caiz", &[4, 5]),
            ("张三 区财政局", "财", &[4]),
            ("张三 区财政局", "sq", &[]),
            ("YJ-XY-2026-0031", "0031", &[11, 12, 13, 14]),
            ("张三 区财政局", "zs cz", &[0, 1, 4, 5]),
            ("张三", "李", &[]),
        ] {
            assert_eq!(matched(text, typed), places, "{text} {typed}");
        }
    }

    #[test]
    fn characters_with_several_readings_answer_to_each() {
        for (name, typed) in [
            ("重庆路街道", "chongqing"),
            ("重庆路街道", "zhongqing"),
            ("单于强", "chanyu"),
            ("单于强", "shanyu"),
            ("曾国平", "zeng"),
            ("曾国平", "cgp"),
            ("仇英", "qiuying"),
            ("仇英", "chouy"),
            ("解放", "xief"),
            ("解放", "jiefang"),
            ("吕梁", "lvliang"),
            ("区行政服务中心", "xzfw"),
            ("区行政服务中心", "hangzheng"),
        ] {
            assert!(spells(name, typed), "{name} {typed}");
        }
    }

    #[test]
    fn typed_letters_are_cut_into_what_a_name_may_begin_with() {
        assert_eq!(initials("zs"), ["zs"]);
        assert!(initials("zhangsan").contains(&"zs".to_owned()));
        assert!(initials("zsan").contains(&"zs".to_owned()));
        assert!(initials("xian").contains(&"x".to_owned()) && initials("xian").contains(&"xa".to_owned()));
        assert!(initials("zhangs").contains(&"zs".to_owned()));
        let long = initials("quzhengfubangongshimishuke");
        assert!(long.contains(&"qzfbgsmsk".to_owned()), "{long:?}");
    }
}
