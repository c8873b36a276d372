//! The tables of §4.4 and §4.5, measure by measure: who approves, how long, how much longer, what it forbids.

use crate::domain::stories::{Town, refused};
use crate::domain::testing::day;
use crate::domain::*;

use Instrument as I;

/// A measure about somebody, as it is proposed.
fn proposed(town: &mut Town, kind: I, who: &str) -> StreamId {
    let about = [("responsible", who)];
    let mut told = vec![about[0]];
    let trigger = match kind {
        I::Correction => {
            let id = town.correction();
            town.act(Verb::NameResponsible, id, &about).unwrap();
            return id;
        }
        I::Reminder => return town.admonish("诫勉提醒", "查找风险点不全", who).unwrap(),
        I::Supervision => return town.admonish("诫勉督导", "执行不力", who).unwrap(),
        I::IntegritySupervision => "风险已显现",
        I::CautionReminder => "出现偏差",
        I::OrderCorrection => "存在漏洞",
        I::InspectorateCircular | I::InspectorateRecommendation => {
            told.push(("reason", "已造成损失"));
            "事实已较严重"
        }
        I::FormalAdmonition => "发现不廉洁行为",
    };
    town.hold(kind, trigger, &told).unwrap()
}

fn served(town: &mut Town, kind: I) -> StreamId {
    let id = proposed(town, kind, "林知远");
    if kind.register() == "accountability" {
        town.carry_out(id);
    } else {
        town.act(Verb::Hear, id, &[]).unwrap();
        town.signed(Verb::Approve, id, &[]).unwrap();
        town.act(Verb::Serve, id, &[]).unwrap();
    }
    id
}

/// covers §4.4.9 §4.5.0 §4.5.1 §4.5.2 §4.5.3
#[test]
fn each_measure_is_approved_by_the_body_of_its_row_and_one_up_for_county_rank() {
    let line = BodyRef::Leadership(OrganLine::Government);
    for (kind, county) in [
        (I::Reminder, line),
        (I::Supervision, BodyRef::Steering),
        (I::Correction, BodyRef::Discipline),
        (I::IntegritySupervision, line),
        (I::CautionReminder, line),
        (I::OrderCorrection, BodyRef::Steering),
        (I::InspectorateCircular, BodyRef::Steering),
        (I::InspectorateRecommendation, BodyRef::Steering),
        (I::FormalAdmonition, BodyRef::Steering),
    ] {
        let mut town = Town::new();
        let own = match kind {
            I::Reminder | I::IntegritySupervision | I::CautionReminder => BodyRef::Implementation(town.bureau),
            I::Supervision => BodyRef::SteeringOffice,
            _ => BodyRef::Discipline,
        };
        let unit = town.bureau.to_string();
        let fields = [("name", "顾县级"), ("unit", unit.as_str()), ("rank", "处级")];
        town.story.record("person", &fields);
        let id = proposed(&mut town, kind, "林知远");
        assert_eq!(town.admonition(id).approver, own, "{}", kind.label());
        let id = proposed(&mut town, kind, "顾县级");
        assert_eq!(town.admonition(id).approver, county, "处级：{}", kind.label());
    }
}

/// covers §4.4.13 §4.4.14 §4.4.15 §4.5.0 §4.5.1 §4.5.2 §4.5.3
#[test]
fn each_measure_has_its_period_and_is_extended_by_as_much_as_its_row_says_once() {
    for (kind, days, more, bars) in [
        (I::Reminder, 10, 5, false),
        (I::Supervision, 20, 10, false),
        (I::Correction, 30, 15, true),
        (I::IntegritySupervision, 10, 0, false),
        (I::CautionReminder, 10, 0, false),
        (I::OrderCorrection, 20, 10, true),
        (I::InspectorateCircular, 15, 0, false),
        (I::InspectorateRecommendation, 15, 0, false),
    ] {
        let mut town = Town::new();
        let id = served(&mut town, kind);
        let name = kind.label();
        let clerk = town.admonition(id).responsible[0].person.unwrap();
        assert_eq!(!town.story.barred(clerk, "2026-11-23").is_empty(), bars, "{name}");
        let due = town.admonition(id).correct_due.clone().unwrap();
        assert_eq!((due.length, due.kind), (days, DayKind::Working), "{name}");
        let calendar = calendar::Calendar::parse(calendar::shipped()).unwrap();
        let to = |n: u32| calendar.add_workdays(due.day, n).day.to_string();
        let extend = |town: &mut Town, to: &str| town.signed(Verb::Extend, id, &[("to", to), ("reason", "工程未完")]);
        if more == 0 {
            assert_eq!(refused(extend(&mut town, &to(1))), "no_extension", "{name}");
            continue;
        }
        assert_eq!(
            refused(extend(&mut town, &to(more + 1))),
            "extension_too_long",
            "{name}"
        );
        extend(&mut town, &to(more)).unwrap();
        assert_eq!(
            town.admonition(id).correct_due.as_ref().unwrap().day.to_string(),
            to(more)
        );
        assert_eq!(refused(extend(&mut town, &to(more))), "extended_once", "{name}");
        assert_eq!(
            !town.story.barred(clerk, "2026-12-31").is_empty(),
            bars,
            "{name}: it goes on"
        );
    }
}

/// covers §4.4.10 §4.4.12
#[test]
fn two_people_talk_and_the_self_check_is_owed_in_five_working_days() {
    for (kind, talkers) in [
        (I::Reminder, 0),
        (I::Supervision, 0),
        (I::Correction, 2),
        (I::FormalAdmonition, 2),
    ] {
        let mut town = Town::new();
        let id = served(&mut town, kind);
        let check = town.admonition(id).self_check_due.clone();
        let check = check.unwrap_or_else(|| panic!("{}", kind.label()));
        assert_eq!(check.day, day("2026-11-30"), "{}", kind.label());
        let one = town.act(Verb::Talk, id, &[("talkers", "谈话员甲")]);
        if talkers == 2 {
            assert_eq!(refused(one), "too_few_talkers", "{}", kind.label());
            town.act(Verb::Talk, id, &[("talkers", "谈话员甲、谈话员乙")]).unwrap();
        } else {
            one.unwrap();
        }
    }
}
