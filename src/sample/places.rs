//! Units, sections, posts, the people in them, and the seats of the bodies.

use chrono::{Days, NaiveDate};

use super::dice::Dice;
use super::material::{Material, SectionPlan, UnitPlan, broken};
use super::names;
use crate::domain::{CadreRank, Fault, OrganLine, SeatRole, UnitKind};

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

/// Which body a seat is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatOf {
    /// 指委会.
    Steering,
    /// 指委会办公室.
    SteeringOffice,
    /// 区纪委监察局.
    Discipline,
    /// 防委会.
    Leadership(OrganLine),
    /// 推委会 of a unit.
    Implementation(usize),
    /// 社监会 of a street or community.
    Social(usize),
    /// 专班.
    TaskForce,
}

/// One seat, held by the holder of a post.
#[derive(Debug)]
pub struct Seat {
    /// Body.
    pub body: SeatOf,
    /// Role.
    pub role: SeatRole,
    /// Post whose holder sits there.
    pub post: usize,
    /// What he or she looks after there.
    pub area: &'static str,
    /// From.
    pub from: NaiveDate,
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
        places.fill_seats(today)?;
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

    /// Chairs are fixed by post (R009, R014, R021, R026); the rest is drawn from nearby posts.
    fn fill_seats(&mut self, today: NaiveDate) -> Result<(), Fault> {
        let from = today - Days::new(400);
        let mut seats = Vec::new();
        let at = |path: &str| {
            self.find(path)
                .ok_or_else(|| broken("units", &format!("没有岗位“{path}”")))
        };
        let secretary = at("区委办公室/领导班子/区委书记")?;
        let deputy_secretary = at("区委办公室/领导班子/区委副书记")?;
        let party_office = at("区委办公室/领导班子/区委常委、区委办主任")?;
        let mayor = at("区政府办公室/领导班子/区长")?;
        let government_office = at("区政府办公室/领导班子/主任")?;
        let congress = at("区人大常委会办公室/领导班子/区人大常委会主任")?;
        let congress_office = at("区人大常委会办公室/领导班子/主任")?;
        let cppcc = at("区政协办公室/领导班子/区政协主席")?;
        let cppcc_office = at("区政协办公室/领导班子/主任")?;
        let discipline = at("区纪委监察局/领导班子/区纪委书记")?;
        let supervision = at("区纪委监察局/领导班子/区纪委副书记、监察局局长")?;
        let style = at("区纪委监察局/领导班子/分管党风副书记")?;
        let organisation = at("区委组织部/领导班子/区委常委、组织部部长")?;
        let propaganda = at("区委宣传部/领导班子/区委常委、宣传部部长")?;
        let clerk = at("区纪委监察局/党风廉政建设室/廉能管理岗")?;
        let checker = at("区纪委监察局/党风廉政建设室/责任制考核岗")?;
        use SeatOf::{Discipline, Implementation, Leadership, Social, Steering, SteeringOffice, TaskForce};
        use SeatRole::{Chair, Director, DutyLeader, Member, Staff, ViceChair};
        let mut seat = |body, role, post, area| {
            seats.push(Seat {
                body,
                role,
                post,
                area,
                from,
            })
        };
        seat(Steering, Chair, secretary, "全面工作");
        seat(Steering, ViceChair, mayor, "全面工作");
        for member in [party_office, government_office, discipline, organisation, propaganda] {
            seat(Steering, Member, member, "成员单位");
        }
        seat(SteeringOffice, Director, discipline, "日常工作");
        seat(SteeringOffice, Staff, clerk, "综合协调");
        seat(SteeringOffice, Staff, checker, "督导考核");
        seat(Discipline, Chair, discipline, "全面工作");
        seat(Discipline, DutyLeader, supervision, "预警处置");
        seat(Discipline, Member, style, "党风廉政");
        for (line, chair, office) in [
            (OrganLine::Party, deputy_secretary, party_office),
            (OrganLine::Congress, congress, congress_office),
            (OrganLine::Government, mayor, government_office),
            (OrganLine::Cppcc, cppcc, cppcc_office),
        ] {
            seat(Leadership(line), Chair, chair, "全面工作");
            seat(Leadership(line), Director, office, "分办日常工作");
        }
        for (i, unit) in self.units.iter().enumerate() {
            if unit.kind != UnitKind::Community {
                seat(Implementation(i), Chair, unit.party, "全面工作");
                // R021: one person with both posts needs another vice chair.
                let team = |p: &Post| p.unit == i && p.team && !p.head;
                let other = self.posts.iter().position(team);
                match other.filter(|_| unit.party == unit.head) {
                    Some(vice) => seat(Implementation(i), ViceChair, vice, "协助主任"),
                    None => seat(Implementation(i), ViceChair, unit.head, "协助主任"),
                }
                for (p, post) in self.posts.iter().enumerate() {
                    if post.unit == i && post.name == "纪检组长" {
                        seat(Implementation(i), Member, p, "监督检查");
                    }
                }
            }
            if matches!(unit.kind, UnitKind::Street | UnitKind::Community) {
                seat(Social(i), Chair, unit.party, "社会监督");
            }
        }
        for (n, post) in self.task_force().into_iter().enumerate() {
            let area = ["思想疏导", "业务辅导", "分类指导", "个别督导"][n % 4];
            let role = if n == 0 { Director } else { Member };
            seat(TaskForce, role, post, if n == 0 { "统筹" } else { area });
        }
        self.seats = seats;
        Ok(())
    }

    /// Twenty people from twenty units (R123), not heads: the one who leads it comes from 区纪委监察局.
    fn task_force(&self) -> Vec<usize> {
        let director = |p: &Post| self.units[p.unit].discipline && p.name == "常委、综合室主任";
        let mut picked: Vec<usize> = self.posts.iter().position(director).into_iter().collect();
        for unit in 0..self.units.len() {
            let fits = |p: &Post| p.unit == unit && p.section_head && p.name != "主任" && !self.units[unit].discipline;
            if let Some(post) = self.posts.iter().position(fits).filter(|_| picked.len() < 20) {
                picked.push(post);
            }
        }
        picked
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
