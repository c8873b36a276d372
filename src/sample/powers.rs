//! Powers and the processes they run by: several powers may share one process (R045).

use std::collections::{BTreeMap, BTreeSet};

use super::dice::Dice;
use super::material::Material;
use super::places::Places;

/// One power of one unit.
#[derive(Debug)]
pub struct Power {
    /// Unit.
    pub unit: usize,
    /// Post that handles it.
    pub post: usize,
    /// Group of the tables.
    pub group: usize,
    /// Power of that group.
    pub word: usize,
    /// Process.
    pub process: usize,
}

/// One process of one unit.
#[derive(Debug)]
pub struct Process {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: usize,
    /// Post that handles it.
    pub post: usize,
}

/// Exactly `powers` powers with exactly `processes` processes.
pub fn powers(material: &Material, places: &Places, counts: (usize, usize), seed: u64) -> (Vec<Power>, Vec<Process>) {
    let mut dice = Dice::new(seed, "powers");
    let mut taken = BTreeSet::new();
    let mut list: Vec<Power> = Vec::new();
    let mut posts: Vec<usize> = (0..places.posts.len())
        .filter(|p| !places.posts[*p].scopes.is_empty())
        .collect();
    // The first round gives each risk post something to answer for; later rounds fill up by chance.
    for round in 0.. {
        let before = list.len();
        if round > 0 {
            dice.shuffle(&mut posts);
        }
        for &post in posts.iter().filter(|_| round < 8) {
            if list.len() == counts.0 {
                break;
            }
            let unit = places.posts[post].unit;
            let free: Vec<(usize, usize)> = (places.posts[post].scopes.iter())
                .flat_map(|(group, words)| words.iter().map(move |w| (*group, *w)))
                .filter(|(group, word)| !taken.contains(&(unit, *group, *word)))
                .collect();
            if let Some(&(group, word)) = dice.pick(&free) {
                taken.insert((unit, group, word));
                list.push(Power {
                    unit,
                    post,
                    group,
                    word,
                    process: 0,
                });
            }
        }
        if list.len() == before || list.len() == counts.0 {
            break;
        }
    }
    list.sort_by_key(|p| (p.unit, p.group, p.word));
    let processes = merge(material, &mut list, counts.1, &mut dice);
    (list, processes)
}

/// Joins powers of one group in one unit into one process until there are `count` processes.
fn merge(material: &Material, list: &mut [Power], count: usize, dice: &mut Dice) -> Vec<Process> {
    let mut by_group: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (i, power) in list.iter().enumerate() {
        by_group.entry((power.unit, power.group)).or_default().push(i);
    }
    let mut joined: Vec<Vec<usize>> = Vec::new();
    let mut spare = list.len().saturating_sub(count);
    let mut groups: Vec<Vec<usize>> = by_group.into_values().collect();
    dice.shuffle(&mut groups);
    for group in groups {
        if group.len() > 1 && spare >= group.len() - 1 {
            spare -= group.len() - 1;
            joined.push(group);
        } else {
            joined.extend(group.into_iter().map(|power| vec![power]));
        }
    }
    joined.sort();
    let mut processes = Vec::new();
    for powers in joined {
        let first = &list[powers[0]];
        let group = &material.groups[first.group];
        let name = if powers.len() == 1 {
            format!("{}流程", group.powers[first.word])
        } else {
            format!("{}通用流程", group.name)
        };
        processes.push(Process {
            name,
            unit: first.unit,
            post: first.post,
        });
        for power in powers {
            list[power].process = processes.len() - 1;
        }
    }
    processes
}
