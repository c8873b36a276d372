//! Many texts, one after the other in one piece of memory.

/// A table of texts by number, four bytes each beside the text itself.
#[derive(Default)]
pub(super) struct Pool {
    text: String,
    ends: Vec<u32>,
}

impl Pool {
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index
            .checked_sub(1)
            .and_then(|i| self.ends.get(i))
            .map_or(0, |end| *end as usize);
        self.text.get(start..end)
    }

    /// Gives back what growing left unused.
    pub(super) fn settle(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}
