//! Risk points and their measures (R041): so many of each, no two points of a post alike.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::dice::{Dice, share};
use super::material::Material;
use super::places::{Places, Post};
use super::powers::Power;
use crate::domain::{Grade, RiskClass, RiskFocus, RiskItem, SearchLevel, SearchMethod};

/// One risk point.
#[derive(Debug)]
pub struct Point {
    /// Post.
    pub post: usize,
    /// Power.
    pub power: usize,
    /// Key node.
    pub node: String,
    /// How it shows.
    pub description: String,
    /// What may come of it.
    pub consequence: String,
    /// Causes.
    pub causes: String,
    /// Class.
    pub class: RiskClass,
    /// Item.
    pub item: RiskItem,
    /// Search focus.
    pub focus: RiskFocus,
    /// Search level.
    pub level: SearchLevel,
    /// How it was found.
    pub method: SearchMethod,
    /// When.
    pub found_on: NaiveDate,
    /// Grade.
    pub grade: Grade,
}

/// One measure.
#[derive(Debug)]
pub struct Measure {
    /// Unit.
    pub unit: usize,
    /// Post that answers for it.
    pub owner: usize,
    /// In words.
    pub text: String,
    /// When it is to be in place.
    pub by: NaiveDate,
    /// Points it serves.
    pub points: Vec<usize>,
}

/// Exactly `count` points, shared among posts by what they have to do with.
pub fn points(
    material: &Material,
    places: &Places,
    powers: &[Power],
    count: usize,
    today: NaiveDate,
    seed: u64,
) -> Vec<Point> {
    let mut dice = Dice::new(seed, "points");
    let weights: Vec<usize> = places.posts.iter().map(weight).collect();
    let mut unit_shows = BTreeSet::new();
    let mut descriptions = BTreeSet::new();
    let mut points = Vec::new();
    for (p, number) in share(count, &weights).into_iter().enumerate() {
        let post = &places.posts[p];
        let own: Vec<usize> = (0..powers.len())
            .filter(|i| powers[*i].unit == post.unit)
            .filter(|i| {
                post.scopes
                    .iter()
                    .any(|(g, w)| *g == powers[*i].group && w.contains(&powers[*i].word))
            })
            .collect();
        // A round of found points has its days; pilots (R116) went first.
        let round = if places.units[post.unit].pilot { 330 } else { 240 };
        let mut in_post = BTreeSet::new();
        for _ in 0..number {
            let (power, class, n) = choose(material, powers, &own, &mut dice, |key| {
                !in_post.contains(&key) && !unit_shows.contains(&(post.unit, key))
            });
            in_post.insert((powers[power].group, class, n));
            unit_shows.insert((post.unit, (powers[power].group, class, n)));
            let group = &material.groups[powers[power].group];
            let word = &group.powers[powers[power].word];
            let plain = sentence(word, class, &group.shows[class][n].text);
            let turn = dice.below(material.common.scenes.len());
            let scenes = material
                .common
                .scenes
                .iter()
                .cycle()
                .skip(turn)
                .take(material.common.scenes.len());
            let description = std::iter::once(plain.clone())
                .chain(scenes.map(|scene| format!("{scene}，{plain}")))
                .find(|text| !descriptions.contains(text))
                .unwrap_or_else(|| format!("{}{}：{plain}", places.units[post.unit].name, post.name));
            descriptions.insert(description.clone());
            let grade = grade(n, post, &mut dice);
            let item = group.item.label();
            let by_grade = material.consequences.get(item).map(|c| match grade {
                Grade::Red => &c.red,
                Grade::Orange => &c.orange,
                Grade::Yellow => &c.yellow,
            });
            let words = |table: &BTreeMap<String, Vec<String>>, key: &str, dice: &mut Dice| {
                table
                    .get(key)
                    .map_or(String::new(), |list| dice.phrase(list).to_owned())
            };
            let kind = CLASSES[class];
            points.push(Point {
                post: p,
                power,
                node: words(&material.common.nodes, item, &mut dice),
                description,
                consequence: by_grade.map_or(String::new(), |list| dice.phrase(list).to_owned()),
                causes: words(&material.common.causes, kind.id(), &mut dice),
                class: kind,
                item: group.item,
                focus: focus(post, group.item),
                level: if post.team {
                    SearchLevel::Unit
                } else {
                    level(post, &mut dice)
                },
                method: *dice.pick(&METHODS).unwrap_or(&SearchMethod::SelfCheck),
                found_on: today - Days::new(dice.between(round - 60, round).unsigned_abs()),
                grade,
            });
        }
    }
    points
}

const CLASSES: [RiskClass; 3] = [RiskClass::Ethics, RiskClass::PostDuty, RiskClass::Institution];
/// Half the points are found by the holders themselves.
const METHODS: [SearchMethod; 8] = [
    SearchMethod::SelfCheck,
    SearchMethod::SelfCheck,
    SearchMethod::SelfCheck,
    SearchMethod::SelfCheck,
    SearchMethod::Guided,
    SearchMethod::Assisted,
    SearchMethod::Supervised,
    SearchMethod::Evaluated,
];

fn weight(post: &Post) -> usize {
    match post {
        p if p.scopes.is_empty() => 0,
        p if p.head => 4,
        p if p.team || p.section_head => 3,
        _ => 2,
    }
}

/// Power, class and show, preferring one that is new in the unit.
fn choose(
    material: &Material,
    powers: &[Power],
    own: &[usize],
    dice: &mut Dice,
    new: impl Fn((usize, usize, usize)) -> bool,
) -> (usize, usize, usize) {
    let mut last = (own.first().copied().unwrap_or(0), 0, 0);
    for _ in 0..60 {
        let power = *dice.pick(own).unwrap_or(&0);
        let class = dice.below(3);
        let shows = &material.groups[powers[power].group].shows[class];
        let n = dice.below(shows.len());
        if !shows[n].powers.contains(&powers[power].word) {
            continue;
        }
        last = (power, class, n);
        if new((powers[power].group, class, n)) {
            break;
        }
    }
    last
}

fn sentence(power: &str, class: usize, show: &str) -> String {
    match class {
        0 => format!("{power}中，{show}"),
        1 => format!("{power}环节，{show}"),
        _ => format!("{power}方面，{show}"),
    }
}

/// Tables run from grave to slight, and the higher the post the graver the same thing (R018).
fn grade(n: usize, post: &Post, dice: &mut Dice) -> Grade {
    let draw = dice.below(100) + if post.team { 0 } else { 12 };
    match (n, draw) {
        (0, ..55) => Grade::Red,
        (0, _) | (1, ..60) | (2, ..15) => Grade::Orange,
        _ => Grade::Yellow,
    }
}

fn focus(post: &Post, item: RiskItem) -> RiskFocus {
    use RiskItem::{Construction, Demolition, LandAuction, ProjectBidding};
    match item {
        _ if post.team => RiskFocus::Office,
        Construction | Demolition | LandAuction | ProjectBidding => RiskFocus::Operation,
        _ => RiskFocus::Post,
    }
}

fn level(post: &Post, dice: &mut Dice) -> SearchLevel {
    if post.section_head && dice.one_in(2) {
        SearchLevel::Section
    } else {
        SearchLevel::Post
    }
}

/// Exactly `count` measures for all points but `without` of them; several points of a unit may share one.
pub fn measures(
    material: &Material,
    places: &Places,
    powers: &[Power],
    points: &[Point],
    (count, without): (usize, usize),
    seed: u64,
) -> Vec<Measure> {
    let mut dice = Dice::new(seed, "measures");
    let mut order: Vec<usize> = (0..points.len()).collect();
    dice.shuffle(&mut order);
    // Gaps are ordinary points of lower grades: a red one without a measure would not be believed.
    let bare: BTreeSet<usize> = order
        .iter()
        .copied()
        .filter(|i| points[*i].grade == Grade::Yellow)
        .take(without)
        .collect();
    order.retain(|i| !bare.contains(i));
    let mut table = Table {
        material,
        places,
        powers,
        points,
        made: Vec::new(),
        slots: BTreeMap::new(),
    };
    for &point in &order {
        let shared = dice
            .one_in(4)
            .then(|| table.share(point, &mut dice))
            .is_some_and(|done| done);
        if !shared && (table.made.len() == count || !table.add(point, &mut dice)) {
            table.share(point, &mut dice);
        }
    }
    for &point in order.iter().cycle().take(order.len() * 6) {
        if table.made.len() >= count {
            break;
        }
        table.add(point, &mut dice);
    }
    for &point in order.iter().take(points.len() / 8) {
        table.share(point, &mut dice);
    }
    let mut made = table.made;
    made.sort_by_key(|m| m.points.first().copied());
    made
}

struct Table<'a> {
    material: &'a Material,
    places: &'a Places,
    powers: &'a [Power],
    points: &'a [Point],
    made: Vec<Measure>,
    /// (unit, group) → measures made there by phrase.
    slots: BTreeMap<(usize, usize), BTreeMap<usize, usize>>,
}

impl Table<'_> {
    fn slot(&self, point: usize) -> (usize, usize) {
        let power = &self.powers[self.points[point].power];
        (power.unit, power.group)
    }

    /// A new measure for the point; false when its group has no phrase left in this unit.
    fn add(&mut self, point: usize, dice: &mut Dice) -> bool {
        let slot = self.slot(point);
        let phrases = &self.material.groups[slot.1].measures;
        let used = self.slots.entry(slot).or_default();
        let free: Vec<usize> = (0..phrases.len()).filter(|n| !used.contains_key(n)).collect();
        let Some(&n) = dice.pick(&free) else {
            return false;
        };
        used.insert(n, self.made.len());
        let tail = if dice.one_in(3) {
            ""
        } else {
            dice.phrase(&self.material.common.tails)
        };
        let post = self.points[point].post;
        let section = self.places.posts[post].section;
        let owner = self.places.head_of(section).filter(|_| dice.one_in(3)).unwrap_or(post);
        self.made.push(Measure {
            unit: slot.0,
            owner,
            text: format!("{}{tail}", phrases[n]),
            by: self.points[point].found_on + Days::new(dice.between(30, 120).unsigned_abs()),
            points: vec![point],
        });
        true
    }

    /// Lets a measure of the same unit and group serve this point too; false when there is none.
    fn share(&mut self, point: usize, dice: &mut Dice) -> bool {
        let made: Vec<usize> = self
            .slots
            .get(&self.slot(point))
            .map_or(Vec::new(), |s| s.values().copied().collect());
        let Some(&at) = dice.pick(&made) else {
            return false;
        };
        if !self.made[at].points.contains(&point) {
            self.made[at].points.push(point);
        }
        true
    }
}
