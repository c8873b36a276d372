//! What the keys do in 快速分拣, and what its answers do.

use super::edit::Editor;
use super::key::Key;
use super::model::{Layer, Model, Tone};
use super::msg::{Effect, Request};
use super::store::{Outcome, Problem, TriageAnswer, TriageAsk};
use super::triage::{Asks, Triage, Wait};
use super::update::{ask, refresh};

pub use super::triage::TRIAGE;

/// Begins, once the form is filled in.
pub fn begin(model: &mut Model) -> Vec<Effect> {
    model.layers.push(Layer::Triage(Box::default()));
    asks(TriageAsk::Open)
}

/// Whether the triage on top takes no key now: what it would mean has not been seen yet.
pub fn drops(model: &Model) -> bool {
    matches!(model.layers.last(), Some(Layer::Triage(triage)) if !triage.ready())
}

/// A key; the triage is ready for it.
pub fn key(model: &mut Model, key: Key) -> Vec<Effect> {
    let Some(Layer::Triage(triage)) = model.layers.last_mut() else {
        return Vec::new();
    };
    triage.problem = None;
    if triage.ended() {
        return at_end(model, key);
    }
    if triage.typing {
        return typing(model, key);
    }
    match key {
        Key::Esc if triage.chosen.is_some() => triage.unchoose(),
        Key::Esc => return pause(model),
        Key::Backspace if triage.chosen.is_some() => triage.unchoose(),
        Key::Backspace => return back(model),
        Key::Enter => return enter(model),
        Key::Up => triage.scroll = triage.scroll.saturating_sub(1),
        Key::Down => triage.scroll += 1,
        Key::PgUp => triage.scroll = triage.scroll.saturating_sub(8),
        Key::PgDn => triage.scroll += 8,
        Key::Tab => begin_typing(triage, None),
        _ => match key.digit() {
            Some(digit) => pick(triage, digit),
            None => {
                if let Some(c) = key.typed() {
                    begin_typing(triage, Some(c));
                    return search(triage);
                }
            }
        },
    }
    Vec::new()
}

/// A block pasted: into the sentence, never as keys.
pub fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.layers.last_mut() {
        Some(Layer::Triage(triage)) if triage.ready() && triage.typing => {
            triage.editor.insert(text);
            search(triage)
        }
        _ => Vec::new(),
    }
}

/// A digit picks among the choices of the verdict, else the verdict.
fn pick(triage: &mut Triage, digit: u8) {
    let at = triage.choices().iter().position(|choice| choice.digit == digit);
    let Some(at) = at else {
        return triage.choose(digit);
    };
    if triage.choices().get(at).is_some_and(|choice| choice.id.is_empty()) {
        begin_typing(triage, None);
        return;
    }
    triage.picked = Some(at);
}

/// The keys go into the sentence; what is typed first takes the place of what stands there.
fn begin_typing(triage: &mut Triage, first: Option<char>) {
    let asks = triage.verdict().map(|verdict| verdict.asks);
    if !matches!(asks, Some(Asks::Sentence | Asks::Elsewhere)) {
        return;
    }
    triage.typing = true;
    triage.picked = None;
    if let Some(c) = first {
        triage.editor = Editor::one_line();
        triage.editor.insert(c.encode_utf8(&mut [0; 4]));
    }
}

fn typing(model: &mut Model, key: Key) -> Vec<Effect> {
    let Some(Layer::Triage(triage)) = model.layers.last_mut() else {
        return Vec::new();
    };
    let elsewhere = triage.verdict().is_some_and(|verdict| verdict.asks == Asks::Elsewhere);
    if elsewhere
        && let Some(digit) = key.digit()
        && let Some(at) = triage.choices().iter().position(|choice| choice.digit == digit)
    {
        triage.picked = Some(at);
        return Vec::new();
    }
    match key {
        Key::Esc | Key::Tab => {
            triage.typing = false;
            triage.picked = None;
            Vec::new()
        }
        Key::Enter => enter(model),
        _ => {
            triage.editor.key(key, 0);
            triage.picked = None;
            search(triage)
        }
    }
}

/// Asks which units match, when a unit is being typed.
fn search(triage: &Triage) -> Vec<Effect> {
    let elsewhere = triage.verdict().is_some_and(|verdict| verdict.asks == Asks::Elsewhere);
    let typed = triage.editor.text().trim();
    if !elsewhere || !triage.typing || typed.is_empty() {
        return Vec::new();
    }
    asks(TriageAsk::Units(typed.to_owned()))
}

fn enter(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Triage(triage)) = model.layers.last_mut() else {
        return Vec::new();
    };
    let act = match triage.act() {
        Ok(act) => act,
        Err(sentence) => {
            triage.problem = Some(sentence.to_owned());
            return Vec::new();
        }
    };
    let later = triage
        .verdict()
        .is_some_and(|verdict| verdict.signed || verdict.digit == 0);
    if later {
        triage.note(&act);
        return go_on(triage);
    }
    triage.wait = Some(Wait::Verdict);
    ask([Request::Submit(act)])
}

/// Keeps where it stands and asks for the report on turn.
fn go_on(triage: &Triage) -> Vec<Effect> {
    let mut requests = vec![Request::Triage(TriageAsk::Keep {
        sitting: triage.sitting.clone(),
        running: true,
    })];
    let next = triage.queue.as_ref().and_then(|queue| queue.get(triage.at));
    requests.extend(next.map(|stream| Request::Triage(TriageAsk::Report(stream.clone()))));
    ask(requests)
}

/// One back, its verdict withdrawn.
fn back(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Triage(triage)) = model.layers.last_mut() else {
        return Vec::new();
    };
    let Some(step) = triage.done.last() else {
        triage.problem = Some("这是本次的第一件。".into());
        return Vec::new();
    };
    let noted = step.digit == 0 || triage.sitting.held.iter().any(|held| held.stream == step.stream);
    if noted {
        triage.withdraw();
        return go_on(triage);
    }
    let stream = step.stream.clone();
    triage.wait = Some(Wait::Back);
    asks(TriageAsk::Back(stream))
}

fn at_end(model: &mut Model, key: Key) -> Vec<Effect> {
    let Some(Layer::Triage(triage)) = model.layers.last_mut() else {
        return Vec::new();
    };
    let waiting = triage.waits_for_signature() && triage.sent.is_none();
    match key {
        Key::Enter if waiting => {
            triage.wait = Some(Wait::Send);
            asks(TriageAsk::Send(triage.sitting.clone()))
        }
        Key::Backspace if triage.sent.is_none() => back(model),
        Key::Esc | Key::Enter => pause(model),
        _ if key.digit() == Some(0) => pause(model),
        _ => Vec::new(),
    }
}

/// Leaves it: what is kept goes on later, and the clock stands still.
fn pause(model: &mut Model) -> Vec<Effect> {
    let Some(Layer::Triage(triage)) = model.layers.pop() else {
        return Vec::new();
    };
    let left = triage.left();
    let open = left > 0 || triage.waits_for_signature();
    let sitting = super::store::Sitting {
        open,
        ..triage.sitting.clone()
    };
    let words = if open {
        format!("分拣已暂停，余 {left} 件；{}。按 Ctrl-T 继续。", triage.summary())
    } else {
        format!("分拣完毕：{}。", triage.summary())
    };
    model.say(Tone::Done, words);
    let mut effects = asks(TriageAsk::Keep {
        sitting,
        running: false,
    });
    effects.extend(refresh(model));
    effects
}

/// The answer to a verdict.
pub fn submitted(model: &mut Model, answer: Result<Outcome, Problem>) -> Vec<Effect> {
    let Some(Layer::Triage(triage)) = model.layers.last_mut() else {
        return Vec::new();
    };
    triage.wait = None;
    match (answer, triage.act()) {
        (Ok(_), Ok(act)) => {
            triage.note(&act);
            go_on(triage)
        }
        (Err(problem), _) => {
            triage.problem = Some(sentence(&problem));
            Vec::new()
        }
        (Ok(_), Err(_)) => Vec::new(),
    }
}

/// The answer to a question of its own.
pub fn reply(model: &mut Model, answer: Result<TriageAnswer, Problem>) -> Vec<Effect> {
    let Some(Layer::Triage(triage)) = model.layers.last_mut() else {
        return Vec::new();
    };
    match answer {
        Ok(TriageAnswer::Opened(queue, sitting)) => {
            triage.sitting = *sitting;
            triage.at = 0;
            triage.queue = Some(queue);
            return go_on(triage);
        }
        Ok(TriageAnswer::Report(report)) => {
            let turn = triage.queue.as_ref().and_then(|queue| queue.get(triage.at));
            if turn == Some(&report.stream) {
                triage.leave();
                triage.report = Some(report);
            }
        }
        Ok(TriageAnswer::Back(_)) => {
            triage.wait = None;
            triage.withdraw();
            return go_on(triage);
        }
        Ok(TriageAnswer::Kept(seconds)) => triage.sitting.seconds = seconds,
        Ok(TriageAnswer::Sent(sentences, sitting)) => {
            triage.wait = None;
            triage.drawn = false;
            triage.sitting = *sitting;
            triage.sent = Some(sentences);
        }
        Ok(TriageAnswer::Units(typed, units)) => {
            if triage.editor.text().trim() == typed {
                triage.units = units;
            }
        }
        Err(problem) => {
            let problem = sentence(&problem);
            if triage.wait.take().is_none() && triage.report.is_none() && !triage.ended() && triage.queue.is_some() {
                // judged or withdrawn elsewhere meanwhile: the next one
                if let Some(queue) = &mut triage.queue {
                    queue.remove(triage.at);
                }
                return go_on(triage);
            }
            if triage.queue.is_none() {
                model.layers.pop();
                model.say(Tone::Refused, problem);
            } else {
                triage.problem = Some(problem);
            }
        }
    }
    Vec::new()
}

fn sentence(problem: &Problem) -> String {
    if problem.hint.is_empty() {
        problem.reason.clone()
    } else {
        format!("{}（{}）", problem.reason, problem.hint)
    }
}

fn asks(question: TriageAsk) -> Vec<Effect> {
    ask([Request::Triage(question)])
}
