//! Forms out of the rules' own table: fields from the verb or the sheet, reasons from `available`, what will follow
//! from a rehearsal of `decide`. Only the order and the digits are made here.

pub mod act;
mod admonish;
mod countersign;
mod decision;
mod fields;
mod follows;
mod grade;
mod records;

pub use countersign::waiting;
pub use fields::numbered;

use super::slots::{ADJUST, CREATE};
use super::store::{FormRequest, FormSpec, Problem};
use crate::domain::telling::Teller;
use crate::domain::world::World;
use crate::domain::{Availability, Refusal, StreamId, Verb, attachment, available};

/// A verb as a form names it: one of the table's, or raising and lowering on one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// One of the table.
    Verb(Verb),
    /// A new entry of a register.
    Create(String),
    /// Raise or lower: the target grade decides.
    Adjust,
}

impl Asked {
    /// Reads a form's verb.
    ///
    /// # Errors
    /// There is no such verb.
    pub fn read(verb: &str) -> Result<Asked, Problem> {
        if verb == ADJUST {
            return Ok(Asked::Adjust);
        }
        if let Some(register) = verb.strip_prefix(CREATE) {
            return Ok(Asked::Create(register.to_owned()));
        }
        Verb::find(verb)
            .map(Asked::Verb)
            .ok_or_else(|| problem(&Refusal::new("not_found", "没有这一种办理")))
    }
}

/// What an act asks for, with what is filled in so far.
///
/// # Errors
/// The act is not possible to any of the matters.
pub fn form(request: &FormRequest, world: &dyn World) -> Result<FormSpec, Problem> {
    let asked = Asked::read(&request.verb)?;
    let mut targets: Vec<StreamId> = request.targets.iter().filter_map(|t| StreamId::parse(t)).collect();
    if asked == Asked::Verb(Verb::Countersign) {
        targets = countersign::sheets(&targets, world);
    }
    let mut spec = FormSpec {
        verb: request.verb.clone(),
        ..FormSpec::default()
    };
    sort_targets(&asked, &targets, request, world, &mut spec);
    if spec.doable.is_empty()
        && let [(code, reason)] = spec.not_doable.as_slice()
    {
        return Err(Problem {
            reason: format!("{code}：{reason}"),
            ..Problem::default()
        });
    }
    about(&targets, world, &mut spec);
    if asked == Asked::Verb(Verb::Countersign) {
        spec.about.extend(countersign::lines(&targets, world));
    }
    let first = spec.doable.first().and_then(|(stream, _)| StreamId::parse(stream));
    // the machine's date is what is asked about there
    if asked != Asked::Verb(Verb::ConfirmDate) {
        spec.fields.push(fields::happened(world));
        spec.fields.extend(fields::late_reason(request, world));
    }
    let carries = match &asked {
        Asked::Verb(verb) => attachment::carried_by(*verb),
        Asked::Adjust | Asked::Create(_) => true,
    };
    if carries {
        spec.more = fields::paper();
    }
    match asked {
        Asked::Create(register) => {
            spec.title = world
                .sheets()
                .get(&register)
                .map(|sheet| sheet.label.clone())
                .unwrap_or_default();
            spec.fields.extend(records::blank(&register, world));
        }
        Asked::Adjust => {
            spec.title = "调级".into();
            spec.fields.extend(grade::fields(request, first, world));
            spec.decisions = decision::ways(grade::direction(request, first, world), request, world);
        }
        Asked::Verb(verb) => {
            spec.title = verb.label().into();
            spec.fields.extend(match verb {
                Verb::Draft => records::blank("risk_point", world),
                Verb::Admonish => admonish::fields(request, first, world),
                Verb::Amend => first.map(|first| records::filled(first, world)).unwrap_or_default(),
                _ => fields::of_verb(verb, first, world),
            });
            if verb.spec().deciding {
                spec.decisions = decision::ways(verb, request, world);
            }
        }
    }
    // must-fill fields first; the day stays at the top
    if let Some((_, rest)) = spec.fields.split_first_mut() {
        rest.sort_by_key(|field| !field.required);
    }
    let told = follows::follows(&spec, request, world);
    spec.follows = told.sentences;
    spec.capacity = told.capacity;
    Ok(spec)
}

/// Parts the matters into those it can be done to and those it cannot, with the reason.
fn sort_targets(asked: &Asked, targets: &[StreamId], request: &FormRequest, world: &dyn World, spec: &mut FormSpec) {
    for target in targets {
        let answer = match asked {
            Asked::Adjust => grade::possible(request, *target, world),
            // an admonition is a new matter; the old one is its origin
            Asked::Verb(Verb::Admonish | Verb::HoldAccountable) | Asked::Create(_) => Availability::Yes,
            Asked::Verb(verb) => available(*verb, *target, world),
        };
        match answer {
            Availability::Yes => spec.doable.push((target.to_string(), world.version(*target))),
            Availability::No(reason) => {
                let code = world.state(*target).map(|s| s.code().to_owned()).unwrap_or_default();
                spec.not_doable.push((code, reason));
            }
        }
    }
}

fn about(targets: &[StreamId], world: &dyn World, spec: &mut FormSpec) {
    let teller = Teller::new(world);
    for target in targets.iter().take(if targets.len() > 4 { 3 } else { 4 }) {
        if let Some(state) = world.state(*target) {
            let grade = state.grade().map(|g| format!("[{}] ", g.label())).unwrap_or_default();
            let title = short(&teller.title(&state));
            spec.about.push(format!("{grade}{} {title}", state.code()));
        }
    }
    if targets.len() > 4 {
        spec.about.push(format!("…… 共 {} 件", targets.len()));
    }
}

/// The first words of a long title: a line of the dialog holds no more.
fn short(title: &str) -> String {
    let head: String = title.chars().take(24).collect();
    if head.len() < title.len() { head + "…" } else { head }
}

/// A refusal as the console shows it: what the shell's flags are called is nothing to a person at a form.
pub fn problem(refusal: &Refusal) -> Problem {
    Problem {
        reason: plain(&refusal.reason),
        hint: plain(&refusal.hint),
        field: None,
    }
}

/// The sentence without `（--flag …）`.
pub fn plain(sentence: &str) -> String {
    let mut out = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once("（--") {
        out.push_str(before);
        rest = after.split_once('）').map_or("", |(_, rest)| rest);
    }
    out + rest
}

/// What is filled in under a name.
fn value<'r>(request: &'r FormRequest, id: &str) -> &'r str {
    request
        .values
        .iter()
        .find(|(name, _)| name == id)
        .map(|(_, value)| value.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
