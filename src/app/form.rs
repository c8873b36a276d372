//! A dialog that asks for what an act needs, and at its end how it was decided.

use super::edit::Editor;
use super::store::{ActRequest, Candidate, FieldKind, FieldSpec, FormRequest, FormSpec};

/// A batch larger than this asks for its number to be typed.
pub const COUNT_ASKED_ABOVE: usize = 5;

/// A form being filled in.
#[derive(Clone, Debug)]
pub struct Form {
    /// What is asked.
    pub spec: FormSpec,
    /// All fields: those of the act, then those of each way to decide.
    pub entries: Vec<Entry>,
    /// The matters it was opened for.
    pub targets: Vec<String>,
    /// Where the keys go, in [`Form::stops`].
    pub focus: usize,
    /// The way to decide, in the form's `decisions`.
    pub decision: usize,
    /// What is offered below the field.
    pub offers: Option<Offers>,
    /// What is wrong, or what to do.
    pub problem: Option<String>,
    /// The number being typed to confirm a batch.
    pub count: Option<Editor>,
    /// Whether anything was filled in by hand.
    pub dirty: bool,
    /// Whether Esc was pressed once on a form with something in it.
    pub leaving: bool,
    /// Whether the focus goes on when the form asked again is there.
    pub advance: bool,
    /// Whether 更多 is unfolded.
    pub unfolded: bool,
}

/// One field with what is in it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it asks.
    pub spec: FieldSpec,
    /// What is in it.
    pub input: Input,
    /// The way to decide it belongs to.
    pub of_decision: Option<usize>,
    /// Whether it stands under 更多.
    pub more: bool,
}

/// What is in a field.
#[derive(Clone, Debug)]
pub enum Input {
    /// Typed text.
    Text(Editor),
    /// A choice, by its place in the list.
    Choice(Option<usize>),
    /// Things picked, and the text being typed to pick one more.
    Pick(Vec<Candidate>, Editor),
}

/// What is offered below a field.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    /// For which text.
    pub typed: String,
    /// The candidates.
    pub items: Vec<Candidate>,
    /// The one under the cursor.
    pub cursor: usize,
}

/// A place in the form the keys can go to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A field, in [`Form::entries`].
    Field(usize),
    /// The question how it was decided.
    Decide,
    /// The last line of a form that decides nothing.
    Save,
    /// What is folded away.
    More,
}

impl Form {
    /// A form as it opens: the first field that must be filled has the keys.
    pub fn new(spec: FormSpec, targets: Vec<String>) -> Form {
        let mut form = Form {
            entries: entries(&spec, &[]),
            decision: 0,
            spec,
            targets,
            focus: 0,
            offers: None,
            problem: None,
            count: None,
            dirty: false,
            leaving: false,
            advance: false,
            unfolded: false,
        };
        form.focus_next_missing();
        form
    }

    /// The form asked again with what is filled in: fields may have come or gone, values stay.
    pub fn replace(&mut self, spec: FormSpec) {
        let here = self.here();
        self.entries = entries(&spec, &self.entries);
        self.decision = self.decision.min(spec.decisions.len().saturating_sub(1));
        self.spec = spec;
        let same = here.and_then(|id| self.stops().iter().position(|stop| self.id(*stop) == Some(id.as_str())));
        self.focus = same.unwrap_or(self.focus).min(self.stops().len() - 1);
        if std::mem::take(&mut self.advance) {
            self.focus_next_missing();
        }
    }

    /// The places keys can go to, in order.
    pub fn stops(&self) -> Vec<Stop> {
        let field = |(at, _): (usize, &Entry)| Stop::Field(at);
        let all = || self.entries.iter().enumerate();
        let own = all().filter(|(_, e)| e.of_decision.is_none() && !e.more);
        let mut stops: Vec<Stop> = own.map(field).collect();
        if self.spec.decisions.is_empty() {
            stops.push(Stop::Save);
        } else {
            stops.push(Stop::Decide);
            stops.extend(all().filter(|(_, e)| e.of_decision == Some(self.decision)).map(field));
        }
        if self.unfolded {
            stops.extend(all().filter(|(_, e)| e.more).map(field));
        } else if all().any(|(_, e)| e.more) {
            stops.push(Stop::More);
        }
        stops
    }

    /// The place that has the keys.
    pub fn stop(&self) -> Stop {
        let stops = self.stops();
        stops[self.focus.min(stops.len() - 1)]
    }

    /// The field that has the keys.
    pub fn entry(&self) -> Option<&Entry> {
        match self.stop() {
            Stop::Field(at) => self.entries.get(at),
            Stop::Decide | Stop::Save | Stop::More => None,
        }
    }

    /// As [`Form::entry`], to change it.
    pub fn entry_mut(&mut self) -> Option<&mut Entry> {
        match self.stop() {
            Stop::Field(at) => self.entries.get_mut(at),
            Stop::Decide | Stop::Save | Stop::More => None,
        }
    }

    fn here(&self) -> Option<String> {
        self.id(self.stop()).map(str::to_owned)
    }

    fn id(&self, stop: Stop) -> Option<&str> {
        match stop {
            Stop::Field(at) => self.entries.get(at).map(|e| e.spec.id.as_str()),
            Stop::Decide => Some("\u{0}decide"),
            Stop::Save => Some("\u{0}save"),
            Stop::More => Some("\u{0}more"),
        }
    }

    /// Puts the keys on the first field that must be filled and is empty, else on the last question.
    pub fn focus_next_missing(&mut self) -> bool {
        self.offers = None;
        let stops = self.stops();
        let missing = stops.iter().position(|stop| match stop {
            Stop::Field(at) => self.entries[*at].spec.required && self.entries[*at].is_empty(),
            Stop::Decide | Stop::Save | Stop::More => false,
        });
        let last = stops
            .iter()
            .position(|stop| matches!(stop, Stop::Decide | Stop::Save))
            .unwrap_or(0);
        self.focus = missing.unwrap_or(last);
        missing.is_some()
    }

    /// Puts the keys on a field by its name.
    pub fn focus_field(&mut self, id: &str) {
        self.unfolded |= self.entries.iter().any(|e| e.more && e.spec.id == id);
        if let Some(at) = self.stops().iter().position(|stop| self.id(*stop) == Some(id)) {
            self.focus = at;
        }
    }

    /// Unfolds 更多 and gives its first field the keys.
    pub fn unfold(&mut self) {
        self.unfolded = true;
        let first = self.stops().iter().position(|stop| match stop {
            Stop::Field(at) => self.entries[*at].more,
            _ => false,
        });
        self.focus = first.unwrap_or(self.focus);
    }

    /// What is filled in, empty fields left out.
    pub fn values(&self) -> Vec<(String, String)> {
        let mine = |e: &&Entry| e.of_decision.is_none_or(|d| d == self.decision);
        let pair = |e: &Entry| (e.spec.id.clone(), e.value());
        self.entries
            .iter()
            .filter(mine)
            .map(pair)
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }

    /// Asks the same form again with what is filled in.
    pub fn request(&self) -> FormRequest {
        FormRequest {
            verb: self.spec.verb.clone(),
            targets: self.targets.clone(),
            values: self.values(),
        }
    }

    /// The act as filled in.
    pub fn act(&self) -> ActRequest {
        ActRequest {
            verb: self.spec.verb.clone(),
            targets: self.spec.doable.clone(),
            values: self.values(),
            decision: self.spec.decisions.get(self.decision).map(|d| d.choice.id.clone()),
        }
    }
}

impl Entry {
    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.value().trim().is_empty()
    }

    /// Its value as the act takes it.
    pub fn value(&self) -> String {
        match (&self.input, &self.spec.kind) {
            (Input::Text(editor), _) => editor.text().to_owned(),
            (Input::Choice(Some(at)), FieldKind::Choice(choices)) => {
                choices.get(*at).map(|choice| choice.id.clone()).unwrap_or_default()
            }
            (Input::Choice(_), _) => String::new(),
            (Input::Pick(picked, editor), _) => {
                let mut ids: Vec<&str> = picked.iter().map(|c| c.id.as_str()).collect();
                // what was typed and not picked is handed on: the store knows whether it names one thing
                if !editor.text().trim().is_empty() {
                    ids.push(editor.text().trim());
                }
                ids.join(",")
            }
        }
    }

    fn new(spec: FieldSpec, of_decision: Option<usize>, more: bool) -> Entry {
        let input = match &spec.kind {
            FieldKind::Text | FieldKind::Day => Input::Text(Editor::one_line().with(&spec.default)),
            FieldKind::Long => Input::Text(Editor::many_lines().with(&spec.default)),
            FieldKind::Choice(choices) => Input::Choice(choices.iter().position(|c| c.id == spec.default)),
            FieldKind::Pick { .. } => Input::Pick(Vec::new(), Editor::one_line().with(&spec.default)),
        };
        Entry {
            spec,
            input,
            of_decision,
            more,
        }
    }

    /// The same field as asked again, with what was in it before.
    fn keep(self, before: &Entry) -> Entry {
        let input = match (&self.spec.kind, &before.input) {
            (FieldKind::Choice(choices), Input::Choice(_)) => {
                let value = before.value();
                let same = choices.iter().position(|c| c.id == value && c.reason.is_none());
                Input::Choice(same.or(match self.input {
                    Input::Choice(default) => default,
                    _ => None,
                }))
            }
            (FieldKind::Text | FieldKind::Day | FieldKind::Long, Input::Text(_))
            | (FieldKind::Pick { .. }, Input::Pick(..)) => before.input.clone(),
            _ => self.input,
        };
        Entry { input, ..self }
    }
}

fn entries(spec: &FormSpec, before: &[Entry]) -> Vec<Entry> {
    let own = spec.fields.iter().map(|field| (field, None, false));
    let deciding = spec.decisions.iter().enumerate();
    let deciding = deciding.flat_map(|(at, d)| d.fields.iter().map(move |field| (field, Some(at), false)));
    let more = spec.more.iter().map(|field| (field, None, true));
    own.chain(deciding)
        .chain(more)
        .map(|(field, of_decision, more)| {
            let fresh = Entry::new(field.clone(), of_decision, more);
            match before
                .iter()
                .find(|e| e.spec.id == field.id && e.of_decision == of_decision)
            {
                Some(before) => fresh.keep(before),
                None => fresh,
            }
        })
        .collect()
}
