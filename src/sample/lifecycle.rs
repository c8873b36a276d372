//! Points and measures after they came in: published, carried out, found anew, sent back, struck off.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::agenda::{Agenda, Step};
use super::dice::Dice;
use super::material::Material;
use super::reviews;
use super::rows::{MOST, import};
use super::warnings::{Teller, scores};
use crate::domain::{Act, Grade, ImportRow, StreamId, Verb};

/// Which points have a story of their own.
#[derive(Debug, Default)]
pub struct Roles {
    /// Found anew in the last weeks, with the working days since: not part of the first import.
    pub fresh: BTreeMap<usize, i64>,
    /// To be struck off, or struck off.
    pub discharged: Vec<usize>,
    /// Graded anew by themselves.
    pub regraded: Vec<usize>,
}

/// How many points were found anew, by where they stand now.
const DRAFTS: usize = 10;
const SUBMITTED: usize = 16;
const RETURNED: usize = 6;
const ON_SHEET: usize = 4;
const GRADED: usize = 10;
const DISCHARGED: usize = 18;
const REGRADED: usize = 8;

impl Roles {
    /// Deals the roles among points that no warning is about.
    pub fn deal(teller: &mut Teller, taken: &BTreeSet<usize>) -> Self {
        let district = teller.district;
        // Whoever shares a measure with another point is left to the first import.
        let mut served: BTreeMap<usize, bool> = BTreeMap::new();
        for measure in &district.measures {
            for point in &measure.points {
                *served.entry(*point).or_insert(true) &= measure.points.len() == 1;
            }
        }
        let ordinary = |i: &usize| {
            let point = &district.points[*i];
            let post = &district.places.posts[point.post];
            !taken.contains(i) && !post.team && served.get(i) == Some(&true)
        };
        let mut free: Vec<usize> = (0..district.points.len()).filter(ordinary).collect();
        teller.dice.shuffle(&mut free);
        let fresh: Vec<usize> = free
            .drain(..DRAFTS + SUBMITTED + RETURNED + ON_SHEET + GRADED)
            .collect();
        let discharged = free.drain(..DISCHARGED).collect();
        let mild = |i: &usize| district.points[*i].grade != Grade::Red;
        let regraded = free.into_iter().filter(mild).take(REGRADED).collect();
        let ago = |n: usize| match n {
            n if n < DRAFTS => 1 + (n % 4),
            n if n < DRAFTS + SUBMITTED => 1 + (n % 8),
            n if n < DRAFTS + SUBMITTED + RETURNED => 7 + (n % 4),
            _ => 9 + (n % 6),
        };
        let fresh = fresh
            .into_iter()
            .enumerate()
            .map(|(n, point)| (point, i64::try_from(ago(n)).unwrap_or(1)));
        Self {
            fresh: fresh.collect(),
            discharged,
            regraded,
        }
    }
}

/// The day on which a unit's register came in; pilots went first (R116).
pub fn import_day(teller: &Teller, unit: usize) -> NaiveDate {
    let ago = if teller.district.places.units[unit].pilot {
        265
    } else {
        175
    };
    teller.days.workday(teller.days.today - Days::new(ago))
}

/// The first import: points by units, and the measures of points that are there.
pub fn first_import(teller: &mut Teller, material: &Material, roles: &Roles) {
    let district = teller.district;
    for pilot in [true, false] {
        let Some(unit) = district.places.units.iter().position(|u| u.pilot == pilot) else {
            continue;
        };
        let day = import_day(teller, unit);
        let here = |unit: usize| district.places.units[unit].pilot == pilot;
        let points = (district.points.iter().enumerate())
            .filter(|(i, p)| here(district.places.posts[p.post].unit) && !roles.fresh.contains_key(i));
        let rows = points
            .map(|(i, p)| district.point_row(material, district.id("point", i), p))
            .collect();
        import_all(teller.agenda, day, rows);
        let old = |points: &[usize]| points.iter().all(|p| !roles.fresh.contains_key(p));
        let measures = district
            .measures
            .iter()
            .enumerate()
            .filter(|(_, m)| here(m.unit) && old(&m.points));
        let rows = measures.map(|(i, m)| district.measure_row(district.id("measure", i), m, serves(teller, m)));
        let rows = rows.collect();
        import_all(teller.agenda, day, rows);
    }
}

fn serves(teller: &Teller, measure: &super::Measure) -> Vec<String> {
    measure
        .points
        .iter()
        .map(|p| teller.district.id("point", *p).to_string())
        .collect()
}

/// Imports rows in acts of a bearable size.
pub fn import_all(agenda: &mut Agenda, day: NaiveDate, rows: Vec<ImportRow>) {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        agenda.act(day, import(rows.by_ref().take(MOST).collect()));
    }
}

/// Points found anew: drafted, declared, sent back, on a sheet, graded.
pub fn fresh(teller: &mut Teller, material: &Material, roles: &Roles) {
    let district = teller.district;
    let mut order: Vec<(usize, i64)> = roles.fresh.iter().map(|(p, ago)| (*p, *ago)).collect();
    order.sort_by_key(|(_, ago)| -ago);
    let mut imported: BTreeSet<usize> = BTreeSet::new();
    let mut by_day: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (point, ago) in &order {
        by_day.entry(-ago).or_default().push(*point);
    }
    for (ago, points) in by_day {
        let day = teller.days.back(-ago);
        let mut rows: Vec<ImportRow> = Vec::new();
        for point in &points {
            let mut row = district.point_row(material, district.id("point", *point), &district.points[*point]);
            row.fields
                .insert("found_on".into(), (day - Days::new(1)).to_string().into());
            row.draft = true;
            rows.push(row);
        }
        imported.extend(&points);
        // A measure comes with the last of the points it serves.
        for (i, measure) in district.measures.iter().enumerate() {
            let new = |p: &usize| roles.fresh.contains_key(p);
            let complete = measure.points.iter().all(|p| !new(p) || imported.contains(p));
            if complete && measure.points.iter().any(|p| points.contains(p)) {
                rows.push(district.measure_row(district.id("measure", i), measure, serves(teller, measure)));
            }
        }
        teller.agenda.act(day, import(rows));
    }
    states(teller, &order);
}

/// Takes each of them as far as its place in the order says: the oldest ones furthest.
fn states(teller: &mut Teller, order: &[(usize, i64)]) {
    let district = teller.district;
    let mut sheet: Vec<StreamId> = Vec::new();
    for (n, (point, ago)) in order.iter().enumerate() {
        let id = district.id("point", *point);
        let act = |verb: Verb| Act::new(verb, vec![id]);
        let rank = order.len() - 1 - n;
        if rank < DRAFTS {
            continue;
        }
        teller.agenda.act(teller.days.back(*ago), act(Verb::Submit));
        let grade = district.points[*point].grade;
        match rank {
            n if n < DRAFTS + SUBMITTED => {}
            n if n < DRAFTS + SUBMITTED + RETURNED => {
                let (kind, reason) = [
                    ("not_detailed", "风险表现过于笼统，请结合岗位职权细化"),
                    ("incomplete", "缺少审批环节的风险表现，请补充"),
                    ("inaccurate", "自评等级与后果不相称，请核对"),
                ][n % 3];
                let back = act(Verb::Return).with("kind", kind).with("reason", reason);
                teller.agenda.act(teller.days.back(ago - 2), back);
                if n % 3 == 0 {
                    teller.agenda.act(teller.days.back(ago - 4), act(Verb::Submit));
                }
            }
            n if n < DRAFTS + SUBMITTED + RETURNED + ON_SHEET => sheet.push(id),
            _ => {
                let cast = district.cast(district.points[*point].post, grade, &mut teller.dice);
                let graded = graded(act(Verb::Grade), grade)
                    .with("reviewer", district.holders(&cast.analysts[..1]))
                    .with("appraisers", district.holders(&cast.verifiers));
                let day = teller.days.back(ago - 4);
                let graded = teller.decided(graded, grade, day);
                teller.agenda.act(day, graded);
                publicity(teller, id, ago - 5, n);
            }
        }
    }
    // 送签: a whole batch on one 呈批单, graded yellow by its 推委会.
    let mut step = Step::new(teller.days.back(1), graded(Act::new(Verb::Grade, sheet), Grade::Yellow));
    step.act.note = Some("年度新增风险点，一并提请定级".into());
    teller.agenda.add(step);
}

/// What becomes of a point once it is graded: published, objected to, answered, withheld.
fn publicity(teller: &mut Teller, id: StreamId, ago: i64, n: usize) {
    let act = |verb: Verb| Act::new(verb, vec![id]);
    let from = teller.days.back(ago);
    if n.is_multiple_of(5) {
        let withheld = act(Verb::Withhold)
            .with("reason", "涉及敏感岗位布控，不宜公开")
            .signed();
        return teller.agenda.act(from, withheld);
    }
    let to = teller.days.calendar.add_workdays(from, 5).day;
    let publish = act(Verb::Publish)
        .with("from", from.to_string())
        .with("to", to.to_string())
        .with("channel", CHANNEL);
    teller.agenda.act(from, publish);
    if n % 5 < 3 {
        let objection = act(Verb::Object).with("text", "表述与岗位现行分工不完全一致，建议核对");
        teller.agenda.act(teller.days.back(ago - 1), objection);
    }
    if n % 5 == 1 {
        let answer = act(Verb::AnswerObjection).with("text", "经核对，分工以现行“三定”为准，表述已说明");
        teller.agenda.act(teller.days.back(ago - 3), answer);
    }
}

/// Where objections to what is published can be raised.
const CHANNEL: &str = "本单位公示栏、区纪委监察局信访室";

fn graded(act: Act, grade: Grade) -> Act {
    let (likelihood, harm) = scores(grade);
    act.with("grade", grade.id())
        .with("likelihood", likelihood)
        .with("harm", harm)
        .with("opinion", "评议一致，按可能后果定级")
}

/// Publicity and measures, by units; then what is struck off or graded anew.
pub fn afterwards(teller: &mut Teller, roles: &Roles) {
    let district = teller.district;
    let mut dice = Dice::new(district.seed, "afterwards");
    let old = |m: &&super::Measure| !m.points.iter().any(|p| roles.fresh.contains_key(p));
    let served: BTreeSet<usize> = (district.measures.iter().filter(old))
        .flat_map(|m| m.points.clone())
        .collect();
    let proven: BTreeSet<usize> = roles.discharged.iter().copied().collect();
    for unit in 0..district.places.units.len() {
        let day = import_day(teller, unit);
        let later = |teller: &Teller, days: u64| teller.days.workday(day + Days::new(days));
        let published = (0..district.points.len()).filter(|p| {
            let here = district.places.posts[district.points[*p].post].unit == unit;
            here && served.contains(p) && !roles.fresh.contains_key(p) && !dice.one_in(8)
        });
        let published: Vec<StreamId> = published.map(|p| district.id("point", p)).collect();
        let from = later(teller, 14);
        let to = teller.days.calendar.add_workdays(from, 5).day;
        let publish = Act::new(Verb::Publish, published)
            .with("from", from.to_string())
            .with("to", to.to_string())
            .with("channel", CHANNEL);
        let (mut done, mut good, mut bad) = (Vec::new(), Vec::new(), Vec::new());
        for (i, measure) in district.measures.iter().enumerate().filter(|(_, m)| m.unit == unit) {
            let needed = measure.points.iter().any(|p| proven.contains(p));
            let draw = dice.below(100);
            if !old(&measure) || (!needed && draw >= 64) {
                continue;
            }
            done.push(district.id("measure", i));
            match draw {
                _ if needed => good.push(district.id("measure", i)),
                ..28 => good.push(district.id("measure", i)),
                28..31 => bad.push(district.id("measure", i)),
                _ => {}
            }
        }
        let done = Act::new(Verb::ImplementMeasure, done).with("evidence", "制度已印发，台账已建立，岗位人员已培训");
        let good = Act::new(Verb::RateMeasure, good)
            .with("effective", true)
            .with("opinion", "抽查运行正常，措施有效");
        let bad = Act::new(Verb::RateMeasure, bad)
            .with("effective", false)
            .with("opinion", "执行走样，需要修订");
        for (days, act) in [(14, publish), (70, done), (115, good), (116, bad)] {
            if !act.targets.is_empty() {
                let day = later(teller, days);
                teller.agenda.act(day, act);
            }
        }
    }
    reviews::reviews(teller, roles);
    strike_off(teller, roles);
}

fn strike_off(teller: &mut Teller, roles: &Roles) {
    let district = teller.district;
    for (n, point) in roles.discharged.iter().enumerate() {
        let grade = district.points[*point].grade;
        let cast = district.cast(district.points[*point].post, grade, &mut teller.dice);
        let act = Act::new(Verb::Discharge, vec![district.id("point", *point)])
            .with("resolution", "措施连续运行三个月以上，未再出现同类情形")
            .with("verifier", district.holders(&cast.verifiers[..1]))
            .with("site_note", "查台账、看现场，措施落实");
        // The last third waits for its signature: late, due and fresh.
        let waits = n * 3 >= roles.discharged.len() * 2;
        let ago = i64::try_from(if waits { (n * 5) % 13 } else { 14 + n }).unwrap_or(1);
        let day = teller.days.back(ago);
        let act = if waits { act } else { teller.decided(act, grade, day) };
        teller.agenda.act(day, act);
    }
    for (n, point) in roles.regraded.iter().enumerate() {
        let id = district.id("point", *point);
        let ago = i64::try_from(3 + n * 4).unwrap_or(3);
        let act = match district.points[*point].grade {
            Grade::Orange => Act::new(Verb::Deescalate, vec![id])
                .with("cause", "reassessed")
                .with("facts", "措施落实并经观察，评分下调"),
            _ => Act::new(Verb::Escalate, vec![id])
                .with("cause", "power_changed")
                .with("facts", "职权调整后审批权限扩大，重新确定等级"),
        };
        teller.agenda.act(teller.days.back(ago), act.signed());
    }
}
