//! Everything the console knows; nothing in it draws, reads or waits.

use std::collections::{HashMap, VecDeque};

use super::detail::Card;
use super::find::Find;
use super::form::Form;
use super::manual::Manual;
use super::menu::Menu;
use super::msg::Msg;
use super::pane::{Pane, PaneId};
use super::roll::Roll;
use super::store::{ActionState, Header, Slot};
use super::triage::Triage;
use super::unit_view::UnitView;

/// What lies over the pane; the topmost gets the keys.
#[derive(Clone, Debug)]
pub enum Layer {
    /// A form.
    Form(Box<Form>),
    /// Find.
    Find(Box<Find>),
    /// The menu, or a choice between several acts on one key.
    Menu(Menu),
    /// Help: the keys that work here now.
    Help(Menu),
    /// 名单核查.
    Roll(Box<Roll>),
    /// 单位全景.
    Unit(Box<UnitView>),
    /// A page of the manual.
    Manual(Manual),
    /// One matter that has no pane of its own yet (a person, a unit).
    Card(Box<Card>),
    /// A screen of tables: picking a file, importing it, a grid.
    Tables(super::tables::Screen),
    /// 快速分拣.
    Triage(Box<Triage>),
}

/// What the keyboard waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Busy {
    /// A form, to open it.
    Form,
    /// The same form again.
    FormAgain,
    /// An act being done.
    Submit,
    /// Taking back.
    Undo,
    /// Restoring.
    Redo,
    /// The matter under the cursor, to act on it by this key.
    Act(Slot),
    /// The matter under the cursor, for the menu.
    Menu,
    /// All streams of a list, to mark them.
    Marks,
    /// An answer about tables.
    Table,
}

/// The tone of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Plain.
    Plain,
    /// Something was done.
    Done,
    /// Something cannot be done.
    Refused,
}

/// The console.
#[derive(Clone, Debug)]
pub struct Model {
    /// Columns and rows of the window.
    pub size: (u16, u16),
    /// The title bar.
    pub header: Header,
    /// The panes, in the order of [`PaneId::ALL`].
    pub panes: Vec<Pane>,
    /// The one on show.
    pub current: usize,
    /// What lies over it.
    pub layers: Vec<Layer>,
    /// The message line.
    pub message: Option<(Tone, String)>,
    /// What can be done without a matter, by register.
    pub general: HashMap<String, Vec<ActionState>>,
    /// The matters the form under way was asked for.
    pub targets: Vec<String>,
    /// What the keyboard waits for.
    pub busy: Option<Busy>,
    /// Keys pressed while it waits; they are replayed in order.
    pub ahead: VecDeque<Msg>,
    /// Why the worker is gone; from then on only leaving works.
    pub broken: Option<String>,
}

impl Model {
    /// A console that has asked nothing yet; it opens on what has to be done today.
    pub fn new(size: (u16, u16)) -> Model {
        let panes: Vec<Pane> = PaneId::ALL.into_iter().map(Pane::new).collect();
        Model {
            size,
            header: Header::default(),
            current: 0,
            panes,
            layers: Vec::new(),
            message: None,
            general: HashMap::new(),
            targets: Vec::new(),
            busy: None,
            ahead: VecDeque::new(),
            broken: None,
        }
    }

    /// The pane on show.
    pub fn pane(&self) -> &Pane {
        &self.panes[self.current]
    }

    /// As [`Model::pane`], to change it.
    pub fn pane_mut(&mut self) -> &mut Pane {
        &mut self.panes[self.current]
    }

    /// The acts of the matter under the cursor, if they are known.
    pub fn acts(&self) -> Option<&[ActionState]> {
        let pane = self.pane();
        let stream = &pane.current().current()?.stream;
        let detail = pane.card.detail.as_ref().filter(|detail| detail.stream == *stream)?;
        Some(&detail.actions)
    }

    /// Whether the acts of the matter under the cursor are still to be told, or told anew after something changed.
    pub fn acts_are_coming(&self) -> bool {
        let pane = self.pane();
        let Some(row) = pane.current().current() else {
            return false;
        };
        self.acts().is_none() || pane.card.asked.as_deref() == Some(row.stream.as_str())
    }

    /// The acts that hang on a key, those that are possible first.
    pub fn acts_on(&self, slot: Slot) -> Vec<&ActionState> {
        let general = self
            .general
            .get(self.pane().register())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let own = self.acts().unwrap_or_default();
        let mut acts: Vec<&ActionState> = own.iter().chain(general).filter(|act| act.slot == slot).collect();
        acts.sort_by_key(|act| act.reason.is_some());
        acts
    }

    /// What is on show now has been drawn.
    pub fn drawn(&mut self) {
        if let Some(Layer::Triage(triage)) = self.layers.last_mut() {
            triage.drawn = triage.report.is_some() || triage.ended();
        }
    }

    /// Says something in the message line, until the next key.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.message = Some((tone, text.into()));
    }
}
