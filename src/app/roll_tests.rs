#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn verdict(asked: &str, standing: Standing) -> Verdict {
    let choice = |id: &str| Candidate {
        id: id.into(),
        ..Candidate::default()
    };
    Verdict {
        asked: asked.into(),
        stream: String::new(),
        code: String::new(),
        name: asked.into(),
        place: String::new(),
        standing,
        answer: String::new(),
        choices: if standing == Standing::Several {
            vec![choice("RY-1"), choice("RY-2")]
        } else {
            Vec::new()
        },
    }
}

fn asked(event: RollEvent) -> PeopleAsk {
    match event {
        RollEvent::Ask(mut asked) => asked.remove(0),
        other => panic!("{other:?}"),
    }
}

fn filled() -> Roll {
    let mut roll = Roll::default();
    roll.key(Key::Char('1'), 9);
    let block = asked(roll.paste("张三\n李四\n王五\n"));
    let names = ["张三", "李四", "王五"].map(str::to_owned).to_vec();
    let check = asked(roll.take(&block, Ok(PeopleAnswer::Names(names))));
    let answers = vec![
        verdict("张三", Standing::Free),
        verdict("李四", Standing::Several),
        verdict("王五", Standing::Unknown),
    ];
    roll.take(&check, Ok(PeopleAnswer::Check(answers)));
    roll
}

#[test]
fn a_block_is_answered_at_once_and_the_cursor_goes_where_a_choice_is_wanted() {
    let mut roll = filled();
    assert_eq!(roll.cursor, 1);
    let again = asked(roll.key(Key::Char('2'), 9));
    let names = vec!["张三".to_owned(), "RY-2".to_owned(), "王五".to_owned()];
    let act = "promotion".to_owned();
    assert_eq!(again, PeopleAsk::Check { names, act });
}

#[test]
fn enter_takes_the_first_one_offered_even_before_the_offer_came() {
    let mut roll = Roll::default();
    roll.key(Key::Char('4'), 9);
    roll.key(Key::Char('z'), 9);
    let offer = asked(roll.key(Key::Char('s'), 9));
    let late = asked(roll.key(Key::Enter, 9));
    assert_eq!(late, offer);
    let zhang = Candidate {
        id: "RY-1".into(),
        ..Candidate::default()
    };
    let check = asked(roll.take(&offer, Ok(PeopleAnswer::Offer(vec![zhang]))));
    assert_eq!(
        check,
        PeopleAsk::Check {
            names: vec!["RY-1".into()],
            act: String::new()
        }
    );
    assert!(roll.editor.is_empty());
}

#[test]
fn of_namesakes_enter_takes_none_by_itself_and_a_digit_one() {
    let wang = |id: &str| Candidate {
        id: id.into(),
        label: "王丽".into(),
        ..Candidate::default()
    };
    let mut roll = Roll::default();
    roll.key(Key::Char('4'), 9);
    let offer = asked(roll.key(Key::Char('w'), 9));
    roll.take(&offer, Ok(PeopleAnswer::Offer(vec![wang("RY-1"), wang("RY-2")])));
    let mut other = roll.clone();
    let names = |event| match asked(event) {
        PeopleAsk::Check { names, .. } => names,
        other => panic!("{other:?}"),
    };
    assert_eq!(names(roll.key(Key::Enter, 9)), ["王丽"]);
    assert_eq!(names(other.key(Key::Char('2'), 9)), ["RY-2"]);
}

#[test]
fn tab_asks_for_another_act_and_delete_takes_a_row_out() {
    let mut roll = filled();
    let PeopleAsk::Check { act, .. } = asked(roll.key(Key::Tab, 9)) else {
        panic!("no question")
    };
    assert_eq!((act.as_str(), roll.act_label()), ("transfer", "调动"));
    roll.key(Key::Delete, 9);
    assert_eq!(roll.names, ["张三", "王五"]);
}

#[test]
fn a_list_with_names_is_not_lost_by_one_esc() {
    let mut roll = filled();
    assert_eq!(roll.key(Key::Esc, 9), RollEvent::Nothing);
    roll.key(Key::Up, 9);
    assert_eq!(roll.key(Key::Esc, 9), RollEvent::Nothing, "another key in between");
    assert_eq!(roll.key(Key::Esc, 9), RollEvent::Close);
}

#[test]
fn an_answer_to_an_older_list_changes_nothing() {
    let mut roll = filled();
    let old = PeopleAsk::Check {
        names: vec!["张三".into()],
        act: String::new(),
    };
    roll.take(&old, Ok(PeopleAnswer::Check(Vec::new())));
    assert_eq!(roll.verdicts.len(), 3);
}
