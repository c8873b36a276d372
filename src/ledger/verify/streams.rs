//! Streams as the walk meets them: each event follows its stream's last one.

use std::collections::HashMap;

use crate::ledger::chain::{Id, NO_PARENT};
use crate::ledger::rows::EventRow;

/// The tip of a stream, small: a million of them are kept, in about 70 MB. The parent itself is part of the
/// event's hash, so 64 of its bits are enough to know it again.
struct Tip {
    parent: u64,
    stream_seq: u32,
    epoch: u16,
    site: u16,
}

/// The tips of all streams met so far.
#[derive(Default)]
pub struct Streams(HashMap<Id, Tip>);

impl Streams {
    /// Checks that an event follows its stream's tip, and makes it the tip; what is wrong otherwise. `site` is
    /// any number that tells the sites of this file apart.
    pub fn follow(&mut self, event: &EventRow, site: u16) -> Option<&'static str> {
        let epoch = match self.0.get(&event.stream) {
            None if event.stream_seq != 1 => return Some("事项内序号不从 1 开始"),
            None if event.parent != NO_PARENT => return Some("新事项的首条事件不应有前一条"),
            None => 0,
            Some(tip) if event.stream_seq != i64::from(tip.stream_seq) + 1 => return Some("事项内序号不连续"),
            Some(tip) if short(&event.parent[..8]) != tip.parent => return Some("事项的前一条事件不符"),
            Some(tip) => i64::from(tip.epoch) + i64::from(tip.site != site),
        };
        if event.epoch != epoch {
            return Some("事项的交接代数不对");
        }
        let tip = Tip {
            parent: short(&event.hash[..8]),
            stream_seq: u32::try_from(event.stream_seq).unwrap_or(u32::MAX),
            epoch: u16::try_from(epoch).unwrap_or(u16::MAX),
            site,
        };
        self.0.insert(event.stream, tip);
        None
    }
}

fn short(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
