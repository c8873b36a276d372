//! One matter in full: its lines, and the step of its timeline under the cursor.

use super::store::Detail;

/// A matter on show.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// What is on show; none before the first answer.
    pub detail: Option<Box<Detail>>,
    /// The step of the timeline under the cursor.
    pub step: usize,
    /// Lines scrolled away above (set by keys, bounded when drawn).
    pub scroll: u16,
    /// Whether the step under the cursor is kept in sight (after a page key it need not be).
    pub follow: bool,
    /// The matter asked for, while the answer is under way.
    pub asked: Option<String>,
    /// The neighbour asked for, while the answer is under way.
    pub fetching: Option<String>,
    /// Neighbours, the latest last.
    pub(super) ahead: Vec<(String, Option<Box<Detail>>)>,
}

/// Neighbours kept: the next and the one before, and what the cursor came from.
const NEIGHBOURS: usize = 4;

impl Card {
    /// The matter on show.
    pub fn stream(&self) -> Option<&str> {
        self.detail.as_ref().map(|d| d.stream.as_str())
    }

    /// Takes an answer in; the step stays when it is the same matter again.
    pub fn take(&mut self, detail: Box<Detail>) {
        if self.asked.as_deref() == Some(&detail.stream) {
            self.asked = None;
        }
        let last = detail.timeline.len().saturating_sub(1);
        if self.stream() != Some(&detail.stream) {
            self.scroll = 0;
            self.step = detail.timeline.iter().rposition(|s| !s.pending).unwrap_or(0);
        }
        self.step = self.step.min(last);
        self.detail = Some(detail);
    }

    /// The matter behind the step under the cursor.
    pub fn opens(&self) -> Option<&String> {
        self.detail.as_ref()?.timeline.get(self.step)?.opens.as_ref()
    }

    /// Whether its steps belong to other matters, to be opened from here.
    pub fn has_steps_to_open(&self) -> bool {
        self.detail
            .as_ref()
            .is_some_and(|d| d.timeline.iter().any(|step| step.opens.is_some()))
    }

    /// Whether nothing more is to be learned of this matter by asking ahead.
    pub fn has_ahead(&self, stream: &str) -> bool {
        self.stream() == Some(stream) || self.ahead.iter().any(|(known, _)| known == stream)
    }

    /// Takes in a neighbour's answer; none when it cannot be had.
    pub fn take_fetched(&mut self, stream: &str, detail: Option<&Detail>) {
        if self.fetching.as_deref() == Some(stream) {
            self.fetching = None;
            self.keep(stream.to_owned(), detail.cloned().map(Box::new));
        }
    }

    /// Shows a matter that was asked for ahead; false when it was not, or could not be had.
    pub fn take_ahead(&mut self, stream: &str) -> bool {
        let Some(at) = self
            .ahead
            .iter()
            .position(|(known, detail)| known == stream && detail.is_some())
        else {
            return false;
        };
        let (_, Some(detail)) = self.ahead.remove(at) else {
            return false;
        };
        let before = self.detail.take();
        if let Some(before) = before {
            self.keep(before.stream.clone(), Some(before));
        }
        self.asked = None;
        self.take(detail);
        true
    }

    /// Forgets the neighbours: something has changed.
    pub fn forget_ahead(&mut self) {
        self.ahead.clear();
        self.fetching = None;
    }

    fn keep(&mut self, stream: String, detail: Option<Box<Detail>>) {
        self.ahead.retain(|(known, _)| *known != stream);
        if self.ahead.len() >= NEIGHBOURS {
            self.ahead.remove(0);
        }
        self.ahead.push((stream, detail));
    }

    /// Scrolls by lines.
    pub fn scroll(&mut self, by: i16) {
        self.follow = false;
        self.scroll = self.scroll.saturating_add_signed(by);
    }

    /// Moves the cursor among the steps of the timeline.
    pub fn step(&mut self, by: isize) {
        self.follow = true;
        let count = self.detail.as_ref().map_or(0, |d| d.timeline.len());
        self.step = self.step.saturating_add_signed(by).min(count.saturating_sub(1));
    }
}
