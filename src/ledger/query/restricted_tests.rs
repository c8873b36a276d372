//! Twenty people over 400 days, through the ledger: who may be promoted, moved or commended on which day.
//!
//! The oracle knows nothing of the program: it keeps what was done in plain sentences of dates, paints days of a
//! calendar, and reads answers off it. Every combination of the four sources occurs, with overlaps, late entries,
//! revocations, appeals, transfers, departures, people of one name and one person under two records.
#![allow(clippy::unwrap_used, clippy::panic)]

mod oracle;
mod plan;

use chrono::NaiveDate;
use oracle::{OVERLAY_FROM, Oracle, date};
use plan::{Case, End, FOUND_OUT, MOVES, Move, PEOPLE, Source, TWIN, plan};

use super::{Eligible, Reader};
use crate::domain::fault::Stop;
use crate::domain::policy::Policy;
use crate::domain::testing::adoption;
use crate::domain::{Act, Decision, LateReason, RestrictedAct, StreamId, Verb};
use crate::ledger::known::known;
use crate::ledger::room::Room;
use crate::ledger::watch::Watch;

const DAYS: i64 = 400;

struct Play {
    room: Room,
    first: NaiveDate,
    people: Vec<StreamId>,
    codes: Vec<String>,
    units: [StreamId; 2],
    posts: [StreamId; 2],
    gone: Vec<usize>,
}

impl Play {
    fn new() -> Self {
        let mut room = Room::new();
        let first = room.office.today();
        let unit = |room: &mut Room, name: &str| {
            room.record(
                "unit",
                &[("name", name), ("kind", "department"), ("organ_line", "government")],
            )
        };
        let units = [unit(&mut room, "区财政局"), unit(&mut room, "区文旅局")];
        let posts = [("国库岗", units[0]), ("市场岗", units[1])].map(|(name, unit)| {
            room.record(
                "post",
                &[("name", name), ("unit", &unit.to_string()), ("rank", "staff")],
            )
        });
        // Two pairs of one name in one unit, two records of one man, everybody else by his own.
        let name = |n: usize| match n {
            4 | 5 => "王伟".to_owned(),
            8 | 9 => "李娜".to_owned(),
            18 | 19 => "赵大海".to_owned(),
            _ => format!("干部{}", ["甲", "乙", "丙", "丁", "戊"][n % 5].repeat(n / 5 + 1)),
        };
        let mut people = Vec::new();
        for n in 0..PEOPLE {
            let fields = [
                ("name", name(n)),
                ("unit", units[0].to_string()),
                ("post", posts[0].to_string()),
            ];
            let fields = fields.each_ref().map(|(field, value)| (*field, value.as_str()));
            people.push(room.record("person", &fields));
        }
        let reader = Reader::beside(&room.office).unwrap();
        let codes = people.iter().map(|p| reader.item(*p).unwrap().code).collect();
        Self {
            room,
            first,
            people,
            codes,
            units,
            posts,
            gone: Vec::new(),
        }
    }

    fn on(&mut self, number: i64) {
        let ahead = (date(self.first, number) - self.room.office.today()).num_days();
        let now = self.room.office.clock().now_ms();
        self.room.office.clock().set(now + ahead * 86_400_000);
    }

    /// Does something as of a day, written down today; late entries say why.
    fn step(&mut self, act: Act, happened: i64) -> StreamId {
        let act = Act {
            late_reason: (date(self.first, happened) < self.room.office.today()).then_some(LateReason::PaperLate),
            ..act.on(date(self.first, happened))
        };
        let shown = format!("{act:?}");
        match self.room.act(act) {
            Ok(receipt) => receipt.changed[0].stream,
            Err(Stop::Refused(refusal)) => panic!("{shown}: {refusal}"),
            Err(other) => panic!("{shown}: {other:?}"),
        }
    }

    fn signed(verb: Verb, target: StreamId, by: &str) -> Act {
        let mut act = Act::new(verb, vec![target]);
        act.decision = Some(Decision::Signed {
            signer: Some(by.into()),
            on: None,
        });
        act
    }

    fn named(&self, case: &Case) -> String {
        let named: Vec<String> = case.people.iter().map(|n| self.people[*n].to_string()).collect();
        named.join("、")
    }

    fn begin(&mut self, case: &Case) -> StreamId {
        let day = case.from;
        let unit = self.units[0].to_string();
        let named = self.named(case);
        let hold = |kind: &str, trigger: &str| {
            Act::new(Verb::HoldAccountable, vec![])
                .with("kind", kind)
                .with("trigger", trigger)
                .with("unit", unit.as_str())
                .with("responsible", named.as_str())
        };
        let id = match case.source {
            Source::Correction => {
                let register = Act::new(Verb::Register, vec![])
                    .with("source", "inspection")
                    .with("unit", unit.as_str())
                    .with("content", "大额拨付无联签")
                    .with("received_on", date(self.first, day).to_string());
                let warning = self.step(register, day);
                self.step(Act::new(Verb::Assess, vec![warning]).with("grade", "yellow"), day);
                let raise = Self::signed(Verb::Escalate, warning, "李主任")
                    .with("cause", "measures_missing")
                    .with("responsible", named.as_str())
                    .on(date(self.first, day));
                let raise = Act {
                    late_reason: Some(LateReason::PaperLate),
                    ..raise
                };
                self.room.act(raise).unwrap().proposed[0].stream
            }
            Source::Order => self.step(hold("order_correction", "loophole"), day),
            Source::Formal => self.step(hold("formal_admonition", "unclean_conduct"), day),
            Source::Outside => {
                let create = Act::new(Verb::Create, vec![])
                    .with("register", "outside_decision")
                    .with("title", "处分")
                    .with("person", named.as_str())
                    .with("kind", "party")
                    .with("organ", "市纪委")
                    .with("promotion", "是")
                    .with("transfer", "是")
                    .with("from", date(self.first, day).to_string())
                    .with("to", date(self.first, case.last).to_string());
                return self.step(create, case.recorded);
            }
        };
        if case.source == Source::Order {
            let weigh = Act::new(Verb::Weigh, vec![id])
                .with("cause", "supervision")
                .with("circumstance", "一般")
                .with("attitude", "一般");
            self.step(weigh, day);
        }
        self.step(Act::new(Verb::Hear, vec![id]), day);
        self.step(Self::signed(Verb::Approve, id, "王书记"), day);
        self.step(Act::new(Verb::Serve, vec![id]), day);
        id
    }

    fn finish(&mut self, case: &Case) {
        let (id, day) = (case.stream.unwrap(), case.ended);
        let report = |play: &mut Self, passed: &str| {
            play.step(Act::new(Verb::Feedback, vec![id]).with("result", "整改情况"), day);
            play.step(Act::new(Verb::Verify, vec![id]).with("passed", passed), day);
        };
        match case.end {
            End::Never => {}
            End::Lifted => {
                if case.source == Source::Correction {
                    self.step(Act::new(Verb::Talk, vec![id]), day);
                }
                report(self, "是");
                self.step(Self::signed(Verb::Lift, id, "王书记"), day);
                if case.ended == case.ended_recorded {
                    // Taken back and done again: nothing else may come of it.
                    self.room.office.undo(&self.room.operator.clone()).unwrap();
                    self.room.office.redo(&self.room.operator.clone()).unwrap();
                }
            }
            End::Failed => {
                if case.source == Source::Correction {
                    self.step(Act::new(Verb::Talk, vec![id]), day);
                    report(self, "否");
                }
                report(self, "否");
            }
            End::Revoked => {
                self.step(Self::signed(Verb::Revoke, id, "王书记").with("reason", "认定有误"), day);
            }
            End::AppealRevoked | End::AppealModified => {
                let appellant = self.people[case.people[0]].to_string();
                let file = Act::new(Verb::Appeal, vec![id])
                    .with("grounds", "事实认定有误")
                    .with("appellant", appellant);
                let appeal = self.step(file, day);
                let outcome = if case.end == End::AppealRevoked {
                    "revoked"
                } else {
                    "modified"
                };
                let decide = Self::signed(Verb::DecideAppeal, appeal, "顾书记")
                    .with("outcome", outcome)
                    .with("handlers", "复核员甲")
                    .with("opinion", "经复核")
                    .with("change", "改为批评教育")
                    .with("free", "是")
                    .with("from_start", "是");
                self.step(decide, day);
            }
            End::Voided => {
                self.step(
                    Act::new(Verb::Void, vec![id]).with("reason", "录错"),
                    case.ended_recorded,
                );
            }
        }
    }

    fn change_post(&mut self, person: usize, how: Move, day: i64) {
        let amend = Act::new(Verb::Amend, vec![self.people[person]]);
        let moved = |act: Act, play: &Self| {
            act.with("post", play.posts[1].to_string())
                .with("unit", play.units[1].to_string())
        };
        let act = match how {
            Move::Left => amend.with("post", serde_json::Value::Null),
            _ => moved(amend, self),
        };
        assert_eq!(
            self.room.refusal(act.clone()).kind,
            "restricted",
            "{person} on day {day}"
        );
        let reason = match how {
            Move::Ordered => "ordered",
            Move::EntryError => "entry_error",
            Move::Left => "left",
        };
        let act = act
            .with("transfer_reason", reason)
            .with("transfer_document", "区委干〔2027〕8号");
        self.step(act, day);
    }

    fn check(&self, reader: &Reader, oracle: &Oracle, one_man: bool, day: i64, why: &str) -> usize {
        let asked: Vec<String> = self.codes.clone();
        let answers = reader.eligible(&asked, None, date(self.first, day)).unwrap();
        let mut barred = 0;
        for (person, answer) in answers.iter().enumerate() {
            let meant = if one_man && person == TWIN.1 { TWIN.0 } else { person };
            let wanted = oracle.answer(meant, day);
            barred += usize::from(!wanted.is_empty());
            self.same(reader, answer, &wanted, &format!("{why}: person {person}, day {day}"));
        }
        barred
    }

    fn same(
        &self,
        reader: &Reader,
        answer: &Eligible,
        wanted: &[(RestrictedAct, i64, Option<i64>, Vec<StreamId>)],
        what: &str,
    ) {
        assert_eq!(answer.restricted, Some(!wanted.is_empty()), "{what}: {answer:?}");
        let got: Vec<_> = answer
            .in_force
            .iter()
            .map(|b| {
                let mut sources = b.sources.clone();
                sources.sort();
                (b.act.to_owned(), b.from, b.until, sources)
            })
            .collect();
        let wanted: Vec<_> = wanted
            .iter()
            .map(|(act, from, until, sources)| {
                let mut codes: Vec<String> = sources.iter().map(|s| reader.item(*s).unwrap().code).collect();
                codes.sort();
                let until = until.map(|u| date(self.first, u));
                (act.id().to_owned(), date(self.first, *from), until, codes)
            })
            .collect();
        assert_eq!(got, wanted, "{what}: {}", answer.answer);
    }
}

#[test]
fn twenty_people_on_each_of_four_hundred_days_as_known_then_and_as_known_at_last() {
    let mut play = Play::new();
    let mut oracle = Oracle::default();
    let mut cases = plan();
    let (mut asked, mut differently) = (0, 0);
    let mut then: Vec<Vec<bool>> = Vec::new();
    for day in 0..DAYS {
        play.on(day);
        if day == OVERLAY_FROM {
            let policy = Policy::overlay("national_overlay = true\n").unwrap();
            let calendar = crate::domain::calendar::Calendar::parse(crate::domain::calendar::shipped()).unwrap();
            play.room.act(adoption(&policy, &calendar)).unwrap();
        }
        for case in &mut cases {
            if case.recorded == day && !case.people.iter().any(|p| play.gone.contains(p)) {
                case.stream = Some(play.begin(case));
                oracle.began(play.first, case);
            }
            let begun = case.stream.is_some() && !case.people.iter().any(|p| play.gone.contains(p));
            if case.ended_recorded == day && begun && case.end != End::Never {
                play.finish(case);
                oracle.ended(play.first, case);
            }
        }
        for (_, person, how) in MOVES.iter().filter(|(on, ..)| *on == day) {
            play.change_post(*person, *how, day);
            if *how == Move::Left {
                oracle.left(*person, day);
                play.gone.push(*person);
            }
        }
        if day == FOUND_OUT {
            let same = Act::new(Verb::Identify, vec![play.people[TWIN.1]]).with("same_as", play.codes[TWIN.0].as_str());
            play.step(same, day);
            oracle.one_man();
        }
        // As known on that day: `eligible` without more is asked about today.
        let reader = Reader::beside(&play.room.office).unwrap();
        asked += play.check(&reader, &oracle, day >= FOUND_OUT, day, "as known then");
        then.push((0..PEOPLE).map(|p| oracle.barred(p, day)).collect());
    }
    assert!(asked > 1_500, "the plan bars often enough to mean something: {asked}");

    // As known at last: late entries, revocations and appeals change days that were answered otherwise at the time.
    let reader = Reader::beside(&play.room.office).unwrap();
    for day in 0..DAYS {
        play.check(&reader, &oracle, true, day, "as known at last");
        let row = &then[usize::try_from(day).unwrap()];
        differently += (0..PEOPLE).filter(|p| row[*p] != oracle.barred(*p, day)).count();
    }
    // The same as an answer to `--known`: the file as it stood on the evening of that day.
    for day in (3..DAYS).step_by(33) {
        let evening = known(play.room.office.file(), date(play.first, day), &mut Watch::nobody()).unwrap();
        let answers = evening.eligible(&play.codes, None, date(play.first, day)).unwrap();
        for (person, answer) in answers.iter().enumerate() {
            let meant = if day >= FOUND_OUT && person == TWIN.1 {
                TWIN.0
            } else {
                person
            };
            let wanted = then[usize::try_from(day).unwrap()][meant];
            assert_eq!(
                answer.restricted,
                Some(wanted),
                "as known on day {day}: person {person}"
            );
        }
    }
    assert!(differently > 200, "facts came late often enough: {differently}");
    // Of one name: nobody is guessed.
    let namesakes = reader.eligible(&["王伟".into()], None, reader.today()).unwrap();
    assert_eq!((namesakes[0].restricted, namesakes[0].candidates.len()), (None, 2));
    play.room.check_rebuild();
    let after = Reader::beside(&play.room.office).unwrap();
    play.check(&after, &oracle, true, DAYS - 1, "after a rebuild");
}
