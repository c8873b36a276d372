//! Who records: one account that records for every body, one for each body, and leaders who sign in themselves.

use std::collections::BTreeSet;

use pinyin::ToPinyin;

use super::{District, SeatOf};
use crate::domain::world::Operator;
use crate::domain::{BodyRef, SeatRole, UnitKind};

/// One account.
#[derive(Debug)]
pub struct Account {
    /// As shown.
    pub name: String,
    /// What is typed to sign in.
    pub login: String,
    /// Post of the person behind it.
    pub post: Option<usize>,
    /// Body it records for; none = every body.
    pub body: Option<BodyRef>,
    /// A leader himself (§0.5).
    pub decides: bool,
}

impl District {
    /// The body a seat is in.
    pub fn body(&self, seat: SeatOf) -> BodyRef {
        match seat {
            SeatOf::Steering => BodyRef::Steering,
            SeatOf::SteeringOffice => BodyRef::SteeringOffice,
            SeatOf::Discipline => BodyRef::Discipline,
            SeatOf::Leadership(line) => BodyRef::Leadership(line),
            SeatOf::Implementation(unit) => BodyRef::Implementation(self.id("unit", unit)),
            SeatOf::Social(unit) => BodyRef::Social(self.id("unit", unit)),
            SeatOf::TaskForce => BodyRef::TaskForce,
        }
    }

    /// All accounts; the first records for every body.
    pub fn accounts(&self) -> Vec<Account> {
        let mut accounts = vec![Account {
            name: "专班值班员".into(),
            login: "zbzby".into(),
            post: None,
            body: None,
            decides: false,
        }];
        let mut logins: BTreeSet<String> = accounts.iter().map(|a| a.login.clone()).collect();
        let mut add = |body: BodyRef, label: &str, post: Option<usize>, decides: bool| {
            let stem = initials(label);
            let login = (1..)
                .map(|n| if n == 1 { stem.clone() } else { format!("{stem}{n}") })
                .find(|l| !logins.contains(l))
                .unwrap_or_default();
            logins.insert(login.clone());
            accounts.push(Account {
                name: post.map_or_else(|| label.to_owned(), |p| self.places.people[p].name.clone()),
                login,
                post,
                body: Some(body),
                decides,
            });
        };
        for body in BodyRef::FIXED {
            let seats = self.places.seats.iter().filter(|s| self.body(s.body) == body);
            let rank = |role: SeatRole| match role {
                SeatRole::Staff => 0,
                SeatRole::Member => 1,
                SeatRole::Director => 2,
                _ => 3,
            };
            let clerk = seats.min_by_key(|s| rank(s.role)).map(|s| s.post);
            // 指委会's own members are leaders: its clerk is the office's.
            let clerk = clerk.filter(|_| body != BodyRef::Steering).or_else(|| {
                let office = |s: &&super::Seat| s.body == SeatOf::SteeringOffice && s.role == SeatRole::Staff;
                self.places.seats.iter().rev().find(office).map(|s| s.post)
            });
            add(body, &body.label(""), clerk, false);
        }
        for (i, unit) in self.places.units.iter().enumerate() {
            let clerk = self.places.posts.iter().position(|p| p.unit == i && !p.team);
            let id = self.id("unit", i);
            if unit.kind != UnitKind::Community {
                add(BodyRef::Implementation(id), &unit.name, clerk, false);
            }
            if matches!(unit.kind, UnitKind::Street | UnitKind::Community) {
                add(BodyRef::Social(id), &format!("{}社监会", unit.name), clerk, false);
            }
        }
        for (of, role) in [
            (SeatOf::Steering, SeatRole::Chair),
            (SeatOf::Discipline, SeatRole::DutyLeader),
        ] {
            let seat = self.places.seats.iter().find(|s| s.body == of && s.role == role);
            let body = self.body(of);
            add(body, &format!("{}领导", body.label("")), seat.map(|s| s.post), true);
        }
        accounts
    }

    /// The operator behind the n-th account.
    pub fn operator(&self, n: usize, account: &Account) -> Operator {
        Operator {
            id: self.id("account", n).to_string(),
            name: account.name.clone(),
            person: account.post.map(|p| self.id("person", p)),
            capacities: account.body.into_iter().collect(),
            decides: account.decides,
        }
    }

    /// The operator who records for one body only.
    pub fn operator_for(&self, body: BodyRef) -> Operator {
        let accounts = self.accounts();
        let n = accounts.iter().position(|a| a.body == Some(body)).unwrap_or(0);
        self.operator(n, &accounts[n])
    }
}

/// Initials of a Chinese name: 区财政局 → qczj.
fn initials(name: &str) -> String {
    name.to_pinyin()
        .flatten()
        .filter_map(|p| p.plain().chars().next())
        .collect()
}
