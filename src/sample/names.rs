//! Names of people who do not exist.

use std::collections::BTreeMap;

use super::dice::Dice;
use super::material::Names;

/// `count` names in a row. The fixed ones stand at chance places; otherwise no name occurs twice.
pub fn people(names: &Names, count: usize, seed: u64) -> Vec<String> {
    let mut dice = Dice::new(seed, "people");
    let fixed: Vec<String> = (names.fixed.namesakes.iter())
        .flat_map(|(name, times)| std::iter::repeat_n(name.clone(), *times))
        .chain(names.fixed.always.iter().cloned())
        .collect();
    let mut seen: BTreeMap<String, ()> = fixed.iter().map(|n| (n.clone(), ())).collect();
    let mut list = fixed;
    while list.len() < count {
        let name = one(names, &mut dice);
        if seen.insert(name.clone(), ()).is_none() {
            list.push(name);
        }
    }
    list.truncate(count);
    dice.shuffle(&mut list);
    list
}

fn one(names: &Names, dice: &mut Dice) -> String {
    let total = names.surname.values().sum();
    let mut at = dice.below(total);
    let mut surname = "";
    for (word, weight) in &names.surname {
        surname = word;
        if at < *weight {
            break;
        }
        at -= weight;
    }
    // Three in ten women and one in five single-character names: about what a district's roll looks like.
    let side = if dice.below(10) < 3 { "f" } else { "m" };
    let from = |key: &str| names.given.get(&format!("{key}_{side}")).map_or(&[][..], Vec::as_slice);
    if dice.one_in(5) {
        return format!("{surname}{}", dice.phrase(from("single")));
    }
    let first = dice.phrase(from("first"));
    let mut second = dice.phrase(from("second"));
    while second == first {
        second = dice.phrase(from("second"));
    }
    format!("{surname}{first}{second}")
}
