//! Units, sections, posts, the people in them, and the seats of the bodies.

use chrono::{Days, NaiveDate};

use super::dice::Dice;
use super::material::{Material, SectionPlan, UnitPlan, broken};
use super::names;
use super::seats::Seat;
use crate::domain::{CadreRank, Fault, OrganLine, UnitKind};

/// One unit.
#[derive(Debug)]
pub struct Unit {
    /// Name.
    pub name: String,
    /// Type.
    pub kind: UnitKind,
    /// Organ line.
    pub line: OrganLine,
    /// The street of a community.
    pub parent: Option<usize>,
    /// One of the seven pilots.
    pub pilot: bool,
    /// Why it is a key unit; empty when it is not.
    pub key: String,
    /// Post of the unit head.
    pub head: usize,
    /// Post of the 推委会 chair (of a community: of its 社监会).
    pub party: usize,
    /// The organ that disposes orange.
    pub discipline: bool,
}

/// One section.
#[derive(Debug)]
pub struct Section {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: usize,
}

/// A group of powers as far as a post has them.
pub type Scope = (usize, Vec<usize>);

/// One post.
#[derive(Debug)]
pub struct Post {
    /// Name.
    pub name: String,
    /// Unit.
    pub unit: usize,
    /// Section.
    pub section: usize,
    /// Rank.
    pub rank: CadreRank,
    /// Unit head.
    pub head: bool,
    /// In the leading team.
    pub team: bool,
    /// Head of its section.
    pub section_head: bool,
    /// What it has to do with, by groups of powers.
    pub scopes: Vec<Scope>,
    /// Sections under a leader's charge.
    pub over: Vec<usize>,
}

/// One person; holds the post with the same index.
#[derive(Debug)]
pub struct Person {
    /// Name.
    pub name: String,
    /// In the post since.
    pub since: NaiveDate,
}

/// The directory.
#[derive(Debug, Default)]
pub struct Places {
    /// Units.
    pub units: Vec<Unit>,
    /// Sections.
    pub sections: Vec<Section>,
    /// Posts.
    pub posts: Vec<Post>,
    /// People.
    pub people: Vec<Person>,
    /// Seats.
    pub seats: Vec<Seat>,
}

/// The name of the section in which leading teams stand.
pub const TEAM: &str = "领导班子";

impl Places {
    /// Builds the directory.
    pub fn new(material: &Material, today: NaiveDate, seed: u64) -> Result<Self, Fault> {
        let mut places = Self::default();
        for plan in &material.units.unit {
            places.add_unit(material, plan)?;
            if let Some(communities) = material.units.community.names.get(&plan.name) {
                let street = places.units.len() - 1;
                for name in communities {
                    places.add_community(material, street, name)?;
                }
            }
        }
        let mut dice = Dice::new(seed, "since");
        places.people = names::people(&material.names, places.posts.len(), seed)
            .into_iter()
            .map(|name| Person {
                name,
                since: today - Days::new(dice.between(420, 2600).unsigned_abs()),
            })
            .collect();
        places.seats = places.seated(today)?;
        Ok(places)
    }

    /// The post at `unit/section/post`.
    pub fn find(&self, at: &str) -> Option<usize> {
        let mut parts = at.split('/');
        let (unit, section, post) = (parts.next()?, parts.next()?, parts.next()?);
        self.posts
            .iter()
            .position(|p| p.name == post && self.sections[p.section].name == section && self.units[p.unit].name == unit)
    }

    /// The unit with this name.
    pub fn unit(&self, name: &str) -> Option<usize> {
        self.units.iter().position(|u| u.name == name)
    }

    /// The leader in charge of a section, else the unit's head.
    pub fn leader_over(&self, section: usize) -> usize {
        let unit = self.sections[section].unit;
        let over = self.posts.iter().position(|p| p.over.contains(&section));
        over.unwrap_or(self.units[unit].head)
    }

    /// The head of a section: its first post.
    pub fn head_of(&self, section: usize) -> Option<usize> {
        self.posts.iter().position(|p| p.section == section)
    }

    fn add_unit(&mut self, material: &Material, plan: &UnitPlan) -> Result<(), Fault> {
        let unit = self.units.len();
        let office = (material.units.office.get(&plan.office))
            .ok_or_else(|| broken("units", &format!("“{}”没有办公室类型", plan.name)))?;
        let plans: Vec<&SectionPlan> = std::iter::once(office).chain(&plan.sections).collect();
        let team = self.add_section(unit, TEAM);
        let first = self.sections.len();
        for section in &plans {
            self.add_section(unit, &section.name);
        }
        let rank = |word: &str| {
            if word == "county" {
                CadreRank::County
            } else {
                CadreRank::Section
            }
        };
        let leading = |name: &str, rank: CadreRank, scopes: Vec<Scope>, over: Vec<usize>| Post {
            name: name.into(),
            unit,
            section: team,
            rank,
            head: false,
            team: true,
            section_head: false,
            scopes,
            over,
        };

        // A head answers for people and money everywhere, and for what his unit is there for.
        let mut scopes = scopes(
            material,
            &["干部任免", "大额资金使用", "离任审计"].map(String::from),
            &[],
        )?;
        let own: Vec<String> = plan.sections.iter().flat_map(|s| s.groups.clone()).collect();
        for spec in own.iter().take(3) {
            push(&mut scopes, material.group(spec)?);
        }
        let head = self.posts.len();
        let mut post = leading(&plan.head, rank(&plan.rank), scopes, Vec::new());
        post.head = true;
        self.posts.push(post);
        let mut party = head;
        if !plan.party.is_empty() {
            party = self.posts.len();
            let items = items_of(material, &plan.party, &["干部任免".into(), "大额资金使用".into()]);
            let scopes = self::scopes(material, &items, &[])?;
            self.posts
                .push(leading(&plan.party, CadreRank::Section, scopes, Vec::new()));
        }
        for leader in &plan.leaders {
            let items = items_of(material, &leader.post, &leader.items);
            let mut scopes = self::scopes(material, &items, &leader.groups)?;
            let mut over = Vec::new();
            for name in &leader.over {
                let at = plans.iter().position(|s| s.name == *name);
                let at = at.ok_or_else(|| broken("units", &format!("“{}”没有股室“{name}”", plan.name)))?;
                over.push(first + at);
                for scope in self::scopes(material, &plans[at].items, &plans[at].groups)? {
                    push(&mut scopes, scope);
                }
            }
            self.posts.push(leading(&leader.post, rank(&leader.rank), scopes, over));
        }
        for (i, section) in plans.iter().enumerate() {
            self.add_posts(material, unit, first + i, section)?;
        }
        self.units.push(Unit {
            name: plan.name.clone(),
            kind: match plan.kind.as_str() {
                "organ" => UnitKind::Organ,
                "street" => UnitKind::Street,
                _ => UnitKind::Department,
            },
            line: plan.line,
            parent: None,
            pilot: plan.pilot,
            key: plan.key.clone(),
            head,
            party,
            discipline: plan.discipline,
        });
        Ok(())
    }

    fn add_community(&mut self, material: &Material, street: usize, name: &str) -> Result<(), Fault> {
        let unit = self.units.len();
        let plan = &material.units.community;
        let team = self.add_section(unit, TEAM);
        let head = self.posts.len();
        self.posts.push(Post {
            name: plan.head.clone(),
            unit,
            section: team,
            rank: CadreRank::Staff,
            head: true,
            team: true,
            section_head: false,
            scopes: scopes(material, &[], &["民生资金".into()])?,
            over: Vec::new(),
        });
        for section in &plan.sections {
            let at = self.add_section(unit, &section.name);
            self.add_posts(material, unit, at, section)?;
        }
        self.units.push(Unit {
            name: name.into(),
            kind: UnitKind::Community,
            line: self.units[street].line,
            parent: Some(street),
            pilot: false,
            key: String::new(),
            head,
            party: head,
            discipline: false,
        });
        Ok(())
    }

    fn add_section(&mut self, unit: usize, name: &str) -> usize {
        self.sections.push(Section {
            name: name.into(),
            unit,
        });
        self.sections.len() - 1
    }

    fn add_posts(&mut self, material: &Material, unit: usize, at: usize, plan: &SectionPlan) -> Result<(), Fault> {
        for (i, name) in plan.posts.iter().enumerate() {
            let own = material.units.post_items.get(name);
            let scopes = match own {
                Some(items) => scopes(material, items, &[])?,
                None => scopes(material, &plan.items, &plan.groups)?,
            };
            self.posts.push(Post {
                name: name.clone(),
                unit,
                section: at,
                rank: CadreRank::Staff,
                head: false,
                team: false,
                section_head: i == 0,
                scopes,
                over: Vec::new(),
            });
        }
        Ok(())
    }
}

fn items_of(material: &Material, post: &str, otherwise: &[String]) -> Vec<String> {
    let own = material.units.post_items.get(post);
    own.filter(|_| otherwise.is_empty() || post.ends_with("支部书记") || post.ends_with("总支书记"))
        .cloned()
        .unwrap_or_else(|| otherwise.to_vec())
}

fn scopes(material: &Material, items: &[String], groups: &[String]) -> Result<Vec<Scope>, Fault> {
    let mut scopes = Vec::new();
    for spec in groups {
        push(&mut scopes, material.group(spec)?);
    }
    for (i, group) in material.groups.iter().enumerate() {
        if group.common && items.iter().any(|item| item == group.item.label()) {
            push(&mut scopes, (i, (0..group.powers.len()).collect()));
        }
    }
    Ok(scopes)
}

fn push(scopes: &mut Vec<Scope>, scope: Scope) {
    if !scopes.iter().any(|(group, _)| *group == scope.0) {
        scopes.push(scope);
    }
}
