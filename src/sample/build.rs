//! Builds the sample: everything as whole acts, in the order of their days, through the one door.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate};

use super::agenda::{Agenda, Door, Workdays};
use super::dice::Dice;
use super::lifecycle::{self, Roles, import_all};
use super::material::{Fate, Material, Report};
use super::warnings::Teller;
use super::{BARE, District, MEASURES, POINTS, admonitions, points, tasks};
use crate::domain::calendar::Calendar;
use crate::domain::day::china_today;
use crate::domain::policy::Policy;
use crate::domain::{Fault, Grade, ImportRow, ReportSource, Stop, UnitKind, Urgency};

/// What is to be built.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    /// Now, in milliseconds UTC: the last act lies before it.
    pub now_ms: i64,
    /// Equal seeds and moments build the same log, byte for byte.
    pub seed: u64,
    /// Points and measures so many times over; the stories once.
    pub scale: usize,
}

/// Days before today on which the directory was entered.
const FOUNDED: u64 = 400;
const DAY_MS: i64 = 86_400_000;
/// China is eight hours ahead of UTC.
const CHINA_MS: i64 = 8 * 3_600_000;

impl Order {
    /// The moment at which the sample's office is founded: before its first working hour.
    pub fn founded_ms(&self) -> i64 {
        // Holidays are skipped backwards, and no holiday is longer than ten days.
        let day = day_of(self.now_ms) - Days::new(FOUNDED + 10);
        midnight(day) + DAY_MS * 8 / 24
    }
}

/// Midnight of a day in China, in milliseconds UTC.
fn midnight(day: NaiveDate) -> i64 {
    day.and_hms_opt(0, 0, 0).map_or(0, |t| t.and_utc().timestamp_millis()) - CHINA_MS
}

/// Builds the sample through a door; `tell` hears how many acts of how many are done.
pub fn build(
    door: &mut dyn Door,
    (calendar, policy): (&Calendar, &Policy),
    order: Order,
    tell: &mut dyn FnMut(usize, usize),
) -> Result<District, Stop> {
    let material = Material::load()?;
    let today = day_of(order.now_ms);
    let district = District::draw(&material, today, order.seed)?;
    let days = Workdays {
        calendar,
        policy,
        today,
    };
    let mut first = Agenda::default();
    let mut agenda = Agenda::default();
    directory(&mut first, &district, days);
    registers(&mut agenda, &district, &material, days);
    let mut teller = Teller {
        district: &district,
        stories: &material.stories,
        days,
        dice: Dice::new(order.seed, "stories"),
        agenda: &mut agenda,
    };
    tell_all(&mut teller, &material)?;
    let recorder = district.operator(0, &district.accounts()[0]);
    let mut moments = Moments::new(order.now_ms);
    let copies = order.scale.max(1) - 1;
    let total = first.len() + copies + agenda.len();
    let mut done = 0;
    let mut count = |_: usize, _: usize| {
        done += 1;
        tell(done, total);
    };
    first.run(door, &recorder, &mut |day| moments.next(day), &mut count)?;
    for copy in 1..=copies {
        // Drawn one at a time: a million points are never in memory together.
        let mut more = Agenda::default();
        again(&mut more, &district, &material, days, copy);
        more.run(door, &recorder, &mut |day| moments.next(day), &mut |_, _| {})?;
        door.rest()?;
        count(0, 0);
    }
    agenda.run(door, &recorder, &mut |day| moments.next(day), &mut count)?;
    door.rest()?;
    Ok(district)
}

/// The China civil date at a moment.
fn day_of(now_ms: i64) -> NaiveDate {
    china_today(DateTime::from_timestamp_millis(now_ms).unwrap_or_default())
}

fn founded(days: Workdays) -> NaiveDate {
    days.workday(days.today - Days::new(FOUNDED))
}

fn directory(agenda: &mut Agenda, district: &District, days: Workdays) {
    let day = founded(days);
    for rows in [
        district.unit_rows(),
        district.post_rows(),
        district.person_rows(),
        district.appointment_rows(),
        district.account_rows(),
    ] {
        import_all(agenda, day, rows);
    }
}

/// Powers and processes with the points they belong to; the plain registers month by month.
fn registers(agenda: &mut Agenda, district: &District, material: &Material, days: Workdays) {
    for (pilot, ago) in [(true, 268), (false, 178)] {
        let day = days.workday(days.today - Days::new(ago));
        let of = |unit: usize| district.places.units[unit].pilot == pilot;
        import_all(agenda, day, district.power_rows(material, day, of));
    }
    let month = |day: NaiveDate| (day.year(), day.month());
    let mut day = founded(days);
    let mut months: Vec<(i32, u32)> = Vec::new();
    while day <= days.today {
        months.push(month(day));
        day = day + Days::new(1);
    }
    months.dedup();
    for this in months {
        let rows = district.record_rows(|day| month(day) == this);
        let next = NaiveDate::from_ymd_opt(this.0 + i32::from(this.1 == 12), this.1 % 12 + 1, 1);
        let last = next.map_or(days.today, |first| first - Days::new(1));
        // The current month so far is entered on the last working day before today.
        let day = days.workday(last.min(days.back(1)));
        for register in ["informant", "regulation", "education", "publicity"] {
            let rows: Vec<_> = rows.iter().filter(|r| r.register == register).cloned().collect();
            import_all(agenda, day, rows);
        }
    }
}

fn tell_all(teller: &mut Teller, material: &Material) -> Result<(), Fault> {
    let district = teller.district;
    let reports = reports(district, material);
    let storied: BTreeSet<usize> = reports.iter().filter_map(|r| district.places.find(&r.at)).collect();
    let taken = (0..district.points.len())
        .filter(|p| storied.contains(&district.points[*p].post))
        .collect();
    let roles = Roles::deal(teller, &taken);
    lifecycle::first_import(teller, material, &roles);
    lifecycle::afterwards(teller, &roles);
    lifecycle::fresh(teller, material, &roles);
    for report in &reports {
        teller.warning(report)?;
    }
    tasks::tasks(teller);
    for (n, plan) in teller.stories.admonish.iter().enumerate() {
        let behind = tasks::behind(teller, plan, n);
        admonitions::admonish(teller, plan, behind)?;
    }
    Ok(())
}

/// The written reports, and one for every 推委会 whose queue would be empty.
fn reports(district: &District, material: &Material) -> Vec<Report> {
    let written = &material.stories.report;
    let places = &district.places;
    let ended = |fate: Fate| {
        matches!(
            fate,
            Fate::Lifted
                | Fate::NotAccepted
                | Fate::NoWarning
                | Fate::Merged
                | Fate::Withdrawn
                | Fate::Referring
                | Fate::Referred
                | Fate::HandedOver
                | Fate::PassedUp
                | Fate::Urgent
                | Fate::Ratified
        )
    };
    let own = |r: &&Report| r.grade == Grade::Yellow && r.raise.is_none() && !ended(r.fate);
    let busy: BTreeSet<usize> = (written.iter().filter(own))
        .filter_map(|r| places.find(&r.at))
        .filter(|p| !places.posts[*p].team)
        .map(|p| places.posts[p].unit)
        .collect();
    let fates = [
        (Fate::Planned, 6),
        (Fate::ToAssess, 2),
        (Fate::ToVerify, 1),
        (Fate::Served, 11),
        (Fate::ToRelease, 1),
        (Fate::Planned, -1),
        (Fate::ToServe, 2),
    ];
    let idle = (0..places.units.len()).filter(|u| !busy.contains(u) && places.units[*u].kind != UnitKind::Community);
    let more = idle.enumerate().filter_map(|(n, unit)| {
        let here = |p: &&super::Point| {
            let post = &places.posts[p.post];
            post.unit == unit && !post.team && p.grade == Grade::Yellow
        };
        let point = district.points.iter().find(here)?;
        let post = &places.posts[point.post];
        let power = &district.powers[point.power];
        let word = &material.groups[power.group].powers[power.word];
        let (fate, left) = fates[n % fates.len()];
        Some(Report {
            at: format!(
                "{}/{}/{}",
                places.units[unit].name, places.sections[post.section].name, post.name
            ),
            source: if n % 2 == 0 {
                ReportSource::Inspection
            } else {
                ReportSource::Monitoring
            },
            urgency: Urgency::Normal,
            title: format!("{}{word}留痕不全", places.units[unit].name),
            grade: Grade::Yellow,
            fate,
            left,
            raise: None,
            twice: None,
            correction: None,
            into: String::new(),
            text: format!(
                "季度检查发现，{}在{word}方面办理记录不完整，与已列风险点“{}”相近，请单位核对说明。",
                post.name, point.description
            ),
        })
    });
    let more: Vec<Report> = more.collect();
    written.iter().cloned().chain(more).collect()
}

/// Points and measures once more, drawn anew, for measuring (`--scale`): as short as plain registers are, without
/// people and search details.
fn again(agenda: &mut Agenda, district: &District, material: &Material, days: Workdays, copy: usize) {
    let seed = district.seed.wrapping_add(copy as u64);
    let day = days.workday(days.today - Days::new(FOUNDED - 20));
    let drawn = points::points(material, &district.places, &district.powers, POINTS, days.today, seed);
    let measures = points::measures(
        material,
        &district.places,
        &district.powers,
        &drawn,
        (MEASURES, BARE),
        seed,
    );
    let point = |n: usize| district.id("point", copy * POINTS + n);
    let rows = drawn.iter().enumerate().map(|(n, p)| {
        let mut row = district.point_row(material, point(n), p);
        // Found before the register was entered.
        row.fields
            .insert("found_on".into(), (day - Days::new(30)).to_string().into());
        short(
            row,
            &[
                "level",
                "node",
                "focus",
                "causes",
                "department_head",
                "responsible_leader",
            ],
        )
    });
    import_all(agenda, day, rows.collect());
    let rows = measures.iter().enumerate().map(|(n, m)| {
        let points = m.points.iter().map(|p| point(*p).to_string()).collect();
        short(
            district.measure_row(district.id("measure", copy * MEASURES + n), m, points),
            &["owner", "by"],
        )
    });
    import_all(agenda, day, rows.collect());
}

fn short(mut row: ImportRow, without: &[&str]) -> ImportRow {
    row.fields.retain(|field, _| !without.contains(&field.as_str()));
    row
}

/// Times of day: from nine in the morning on, a few minutes apart, never after now.
struct Moments {
    now_ms: i64,
    last: i64,
}

impl Moments {
    fn new(now_ms: i64) -> Self {
        Self { now_ms, last: 0 }
    }

    fn next(&mut self, day: NaiveDate) -> i64 {
        let midnight = midnight(day);
        let nine = midnight + DAY_MS * 9 / 24;
        let latest = (midnight + DAY_MS * 17 / 24).min(self.now_ms - 1_000).max(midnight);
        // A busy day has its acts closer together than a quiet one.
        let step = ((latest - self.last.max(nine)) / 100).clamp(1, 180_000);
        self.last = (self.last + step).max(nine.min(latest));
        self.last
    }
}
