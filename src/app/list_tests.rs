#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

const HEIGHT: usize = 10;
const PLACE: (usize, usize) = (0, 0);

/// Answers like a file of `n` rows.
fn page(n: usize, at: &At, limit: usize) -> Page {
    let number = |key: &str| key.parse::<usize>().unwrap();
    let range = match at {
        At::Start => 0..limit.min(n),
        At::End => n.saturating_sub(limit)..n,
        At::After(key) => number(key) + 1..(number(key) + 1 + limit).min(n),
        At::Before(key) => number(key).saturating_sub(limit)..number(key),
        At::Around { stream, .. } => {
            let middle = stream.parse().unwrap_or(0);
            usize::saturating_sub(middle, limit / 2)..(middle + limit / 2).min(n)
        }
    };
    let rows = range.clone().map(|i| ListRow {
        stream: i.to_string(),
        key: i.to_string(),
        ..ListRow::default()
    });
    Page {
        rows: rows.collect(),
        total: Some(n as u64),
        more_before: range.start > 0,
        more_after: range.end < n,
        ..Page::default()
    }
}

fn settle(list: &mut List, n: usize, want: Option<Request>) -> bool {
    let waited = list.is_waiting();
    let Some(request) = want else { return false };
    let Request::Page { ticket, at, limit, .. } = request else {
        panic!("not a page")
    };
    let further = list.take(ticket, &at, page(n, &at, limit), HEIGHT);
    settle(list, n, further);
    waited
}

fn filled(n: usize) -> List {
    let mut list = List::default();
    let want = list.show(ListQuery::default(), PLACE);
    settle(&mut list, n, want);
    list
}

fn press(list: &mut List, n: usize, key: Key) -> bool {
    let want = list.key(key, HEIGHT, PLACE).unwrap();
    settle(list, n, want)
}

fn at(list: &List) -> usize {
    list.current().unwrap().stream.parse().unwrap()
}

#[test]
fn five_thousand_downs_walk_five_thousand_rows_without_waiting() {
    let mut list = filled(10_000);
    let waits = (0..5_000).filter(|_| press(&mut list, 10_000, Key::Down)).count();
    assert_eq!((at(&list), waits), (5_000, 0));
    assert!(list.rows.len() <= KEPT + PAGE);
    for _ in 0..5_000 {
        press(&mut list, 10_000, Key::Up);
    }
    assert_eq!(at(&list), 0);
}

#[test]
fn end_and_home_jump_and_the_cursor_is_in_sight() {
    let mut list = filled(1_000_000);
    press(&mut list, 1_000_000, Key::End);
    assert_eq!(at(&list), 999_999);
    assert!(list.cursor - list.top < HEIGHT);
    press(&mut list, 1_000_000, Key::Up);
    assert_eq!(at(&list), 999_998);
    press(&mut list, 1_000_000, Key::Home);
    assert_eq!((at(&list), list.top), (0, 0));
}

#[test]
fn a_move_past_what_is_loaded_goes_on_when_the_page_is_there() {
    let mut list = filled(1_000);
    list.cursor = 195;
    list.keep_in_sight(HEIGHT);
    let want = list.key(Key::PgDn, HEIGHT, PLACE).unwrap();
    assert!(want.is_some() && list.is_waiting());
    settle(&mut list, 1_000, want);
    assert_eq!(at(&list), 204);
}

#[test]
fn a_reload_keeps_the_cursor_on_its_record() {
    let mut list = filled(1_000);
    for _ in 0..30 {
        press(&mut list, 1_000, Key::Down);
    }
    let offset = list.cursor - list.top;
    let want = list.reload(PLACE);
    settle(&mut list, 1_000, want);
    assert_eq!((at(&list), list.cursor - list.top), (30, offset));
}

#[test]
fn an_answer_to_an_older_question_is_dropped() {
    let mut list = filled(50);
    let Some(Request::Page {
        ticket, at: old, limit, ..
    }) = list.show(ListQuery::default(), PLACE)
    else {
        panic!()
    };
    let newer = list.show(
        ListQuery {
            register: "other".into(),
            ..ListQuery::default()
        },
        PLACE,
    );
    list.take(ticket, &old, page(3, &old, limit), HEIGHT);
    assert_eq!(list.rows.len(), 50);
    settle(&mut list, 7, newer);
    assert_eq!(list.rows.len(), 7);
}

#[test]
fn an_empty_list_takes_every_key() {
    let mut list = filled(0);
    for key in [Key::Up, Key::Down, Key::PgUp, Key::PgDn, Key::Home, Key::End] {
        assert_eq!(list.key(key, HEIGHT, PLACE), Some(None));
    }
    list.toggle_mark();
    assert_eq!(list.marked(), (0, 0));
}

#[test]
fn a_move_up_while_rows_below_are_fetched_ahead_is_not_lost() {
    let mut list = filled(1_000);
    press(&mut list, 1_000, Key::End);
    for _ in 0..100 {
        press(&mut list, 1_000, Key::PgUp);
    }
    press(&mut list, 1_000, Key::Home);
    let below = list.key(Key::PgDn, HEIGHT, PLACE).unwrap();
    assert!(below.is_none() || !list.is_waiting());
    settle(&mut list, 1_000, below);
    assert_eq!(at(&list), 9);
}

#[test]
fn when_the_record_has_left_the_list_the_cursor_stands_on_the_one_that_followed() {
    let mut list = filled(50);
    for _ in 0..7 {
        press(&mut list, 50, Key::Down);
    }
    let Some(Request::Page {
        ticket,
        at: around,
        limit,
        ..
    }) = list.reload(PLACE)
    else {
        panic!()
    };
    let mut fresh = page(50, &around, limit);
    fresh.rows.retain(|row| row.stream != "7");
    list.take(ticket, &around, fresh, HEIGHT);
    assert_eq!(at(&list), 8);
}
