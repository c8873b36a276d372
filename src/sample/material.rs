//! The phrase tables under `assets/sample/`, as written there.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::{Fault, FaultKind, OrganLine, RiskItem};

mod registers;
mod stories;

pub use registers::Registers;
pub use stories::{AdmonishPlan, Course, Fate, Raise, Report, Stories, TaskPlan};

/// Everything the district is made from.
#[derive(Debug)]
pub struct Material {
    /// Units, sections and posts.
    pub units: Units,
    /// Characters of names.
    pub names: Names,
    /// Phrases used with every item.
    pub common: Common,
    /// Groups of powers and risks, all items, in the order of the files.
    pub groups: Vec<Group>,
    /// Consequences per item and grade.
    pub consequences: BTreeMap<String, Consequences>,
    /// Phrases of the six plain registers.
    pub registers: Registers,
    /// Reports, plans, feedback, admonitions, tasks.
    pub stories: Stories,
}

/// `units.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Units {
    /// Sections every unit has, by size.
    pub office: BTreeMap<String, SectionPlan>,
    /// Items of posts that exist in many units.
    pub post_items: BTreeMap<String, Vec<String>>,
    /// Units in order.
    pub unit: Vec<UnitPlan>,
    /// What a community looks like.
    pub community: CommunityPlan,
}

/// One unit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitPlan {
    /// Name.
    pub name: String,
    /// Organ line.
    pub line: OrganLine,
    /// organ, department, institution, street.
    pub kind: String,
    /// One of the seven pilots.
    #[serde(default)]
    pub pilot: bool,
    /// The organ that disposes orange.
    #[serde(default)]
    pub discipline: bool,
    /// Which office section it has.
    pub office: String,
    /// Why it is a key unit; empty when it is not.
    #[serde(default)]
    pub key: String,
    /// Post of the unit head.
    pub head: String,
    /// `county` for a 处级 head.
    #[serde(default)]
    pub rank: String,
    /// Post of the 推委会 chair; empty = the head.
    #[serde(default)]
    pub party: String,
    /// Other members of the leading team.
    pub leaders: Vec<LeaderPlan>,
    /// Sections.
    pub sections: Vec<SectionPlan>,
}

/// One member of a leading team.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaderPlan {
    /// Post.
    pub post: String,
    /// `county` for a 处级 post.
    #[serde(default)]
    pub rank: String,
    /// Items.
    #[serde(default)]
    pub items: Vec<String>,
    /// Groups.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Sections he or she is in charge of.
    #[serde(default)]
    pub over: Vec<String>,
}

/// One section.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectionPlan {
    /// Name.
    pub name: String,
    /// Posts, its head first.
    pub posts: Vec<String>,
    /// Items whose common groups apply.
    #[serde(default)]
    pub items: Vec<String>,
    /// Further groups, `name` or `name#13`.
    #[serde(default)]
    pub groups: Vec<String>,
}

/// Communities.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommunityPlan {
    /// Post of the head.
    pub head: String,
    /// Sections.
    pub sections: Vec<SectionPlan>,
    /// Communities by street.
    pub names: BTreeMap<String, Vec<String>>,
}

/// `names.toml`.
#[derive(Debug, Deserialize)]
pub struct Names {
    /// Surname → weight.
    pub surname: BTreeMap<String, usize>,
    /// Characters of given names: `single_m`, `first_f`…
    pub given: BTreeMap<String, Vec<String>>,
    /// Names that certainly occur.
    pub fixed: FixedNames,
}

/// Names that certainly occur.
#[derive(Debug, Deserialize)]
pub struct FixedNames {
    /// Name and how many people bear it.
    pub namesakes: Vec<(String, usize)>,
    /// Once each.
    pub always: Vec<String>,
}

/// `common.toml`.
#[derive(Debug, Deserialize)]
pub struct Common {
    /// Situations.
    pub scenes: Vec<String>,
    /// How a measure is kept up.
    pub tails: Vec<String>,
    /// Causes per class.
    pub causes: BTreeMap<String, Vec<String>>,
    /// Nodes per item.
    pub nodes: BTreeMap<String, Vec<String>>,
}

/// One group of powers and the risks that go with them.
#[derive(Debug)]
pub struct Group {
    /// Name.
    pub name: String,
    /// Item.
    pub item: RiskItem,
    /// Belongs to every unit that has the item.
    pub common: bool,
    /// Powers.
    pub powers: Vec<String>,
    /// Per class (ethics, post duty, institution), from grave to slight.
    pub shows: [Vec<Show>; 3],
    /// Measures.
    pub measures: Vec<String>,
}

/// One way in which a risk shows.
#[derive(Debug)]
pub struct Show {
    /// In words.
    pub text: String,
    /// Indexes of the powers it goes with.
    pub powers: Vec<usize>,
}

/// Consequences per grade.
#[derive(Debug, Deserialize)]
pub struct Consequences {
    /// 一级.
    pub red: Vec<String>,
    /// 二级.
    pub orange: Vec<String>,
    /// 三级.
    pub yellow: Vec<String>,
}

#[derive(Deserialize)]
struct RiskFile {
    item: String,
    consequence: Consequences,
    group: Vec<GroupFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupFile {
    name: String,
    #[serde(default)]
    common: bool,
    powers: Vec<String>,
    ethics: Vec<String>,
    duty: Vec<String>,
    institution: Vec<String>,
    measures: Vec<String>,
}

const RISKS: [&str; 10] = [
    include_str!("../../assets/sample/risks/01_cadre_appointment.toml"),
    include_str!("../../assets/sample/risks/02_departure_audit.toml"),
    include_str!("../../assets/sample/risks/03_asset_management.toml"),
    include_str!("../../assets/sample/risks/04_procurement.toml"),
    include_str!("../../assets/sample/risks/05_construction.toml"),
    include_str!("../../assets/sample/risks/06_park_management.toml"),
    include_str!("../../assets/sample/risks/07_demolition.toml"),
    include_str!("../../assets/sample/risks/08_land_auction.toml"),
    include_str!("../../assets/sample/risks/09_project_bidding.toml"),
    include_str!("../../assets/sample/risks/10_large_funds.toml"),
];

impl Material {
    /// Reads the tables that are built into the program. A fault can only be a mistake in them.
    pub fn load() -> Result<Self, Fault> {
        let mut groups = Vec::new();
        let mut consequences = BTreeMap::new();
        for text in RISKS {
            let file: RiskFile = read("risks", text)?;
            let item =
                RiskItem::find(&file.item).ok_or_else(|| broken("risks", &format!("没有小项“{}”", file.item)))?;
            groups.extend(file.group.into_iter().map(|g| g.into_group(item)));
            consequences.insert(file.item, file.consequence);
        }
        Ok(Self {
            units: read("units", include_str!("../../assets/sample/units.toml"))?,
            names: read("names", include_str!("../../assets/sample/names.toml"))?,
            common: read("common", include_str!("../../assets/sample/common.toml"))?,
            registers: read("registers", include_str!("../../assets/sample/registers.toml"))?,
            stories: read("stories", include_str!("../../assets/sample/stories.toml"))?,
            groups,
            consequences,
        })
    }

    /// A group by its name, with the powers picked by `name#13`.
    pub fn group(&self, spec: &str) -> Result<(usize, Vec<usize>), Fault> {
        let (name, digits) = spec.split_once('#').unwrap_or((spec, ""));
        let at = self.groups.iter().position(|g| g.name == name);
        let at = at.ok_or_else(|| broken("units", &format!("没有事项组“{name}”")))?;
        Ok((at, indexes(digits, self.groups[at].powers.len())))
    }
}

impl GroupFile {
    fn into_group(self, item: RiskItem) -> Group {
        let powers = self.powers.len();
        let shows = |texts: Vec<String>| {
            let one = |text: String| {
                let (words, digits) = text.split_once('@').unwrap_or((&text, ""));
                Show {
                    text: words.to_owned(),
                    powers: indexes(digits, powers),
                }
            };
            texts.into_iter().map(one).collect()
        };
        Group {
            name: self.name,
            item,
            common: self.common,
            powers: self.powers,
            shows: [shows(self.ethics), shows(self.duty), shows(self.institution)],
            measures: self.measures,
        }
    }
}

/// Digits from 1 as indexes from 0; none = all of them.
fn indexes(digits: &str, all: usize) -> Vec<usize> {
    if digits.is_empty() {
        return (0..all).collect();
    }
    let index = |c: char| c.to_digit(10).and_then(|d| (d as usize).checked_sub(1));
    digits.chars().filter_map(index).filter(|i| *i < all).collect()
}

fn read<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T, Fault> {
    toml::from_str(text).map_err(|e| broken(name, &e.to_string()))
}

/// The shipped tables are wrong: nothing a user can mend, so the sentence names the file for whoever can.
pub fn broken(name: &str, why: &str) -> Fault {
    Fault::new(FaultKind::Damaged, format!("样例取材“{name}”有误：{why}"))
}
