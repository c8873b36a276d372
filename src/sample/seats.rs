//! Who sits in which body (R009, R010, R014, R021, R026, R123).

use chrono::{Days, NaiveDate};

use super::material::broken;
use super::places::{Places, Post};
use crate::domain::{Fault, OrganLine, SeatRole, UnitKind};

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

impl Places {
    /// Chairs are fixed by post (R009, R014, R021, R026); the rest is drawn from nearby posts.
    pub(super) fn seated(&self, today: NaiveDate) -> Result<Vec<Seat>, Fault> {
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
        Ok(seats)
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
