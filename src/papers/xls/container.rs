//! The compound file (MS-CFB) around an old office document: named streams in chains of sectors.

/// First bytes of every compound file.
pub(in super::super) const SIGNATURE: [u8; 8] = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Sector numbers from here on are marks, not sectors.
const MARKS: u32 = 0xFFFF_FFFA;
/// Streams shorter than this lie in the mini stream, in sectors of 64 bytes.
const MINI_CUTOFF: u64 = 4096;
const MINI_SECTOR: usize = 64;

struct Entry {
    name: String,
    start: u32,
    size: u64,
}

/// A compound file held in memory.
pub(super) struct Container {
    data: Vec<u8>,
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    entries: Vec<Entry>,
}

impl Container {
    /// Reads the tables of a compound file; `None` when they make no sense.
    pub(super) fn parse(data: Vec<u8>) -> Option<Self> {
        let sector = match u16_at(&data, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut this = Self {
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini_stream: Vec::new(),
            entries: Vec::new(),
            data,
        };
        for number in this.fat_sectors()? {
            // A table cut off at the end of the file still describes what is there.
            let Some(table) = this.sector(number) else { break };
            let numbers: Vec<u32> = (0..sector / 4).filter_map(|i| u32_at(table, i * 4)).collect();
            this.fat.extend(numbers);
        }
        let directory = this.chain(u32_at(&this.data, 48)?, u64::MAX);
        this.entries = directory.chunks_exact(128).filter_map(entry).collect();
        let root = this.entries.first()?;
        this.mini_stream = this.chain(root.start, root.size);
        let mini_fat = this.chain(u32_at(&this.data, 60)?, u64::MAX);
        this.mini_fat = (0..mini_fat.len() / 4)
            .filter_map(|i| u32_at(&mini_fat, i * 4))
            .collect();
        Some(this)
    }

    /// Sectors that hold the allocation table: 109 named in the header, the rest in a chain of their own.
    fn fat_sectors(&self) -> Option<Vec<u32>> {
        let mut found: Vec<u32> = (0..109).filter_map(|i| u32_at(&self.data, 76 + i * 4)).collect();
        let mut next = u32_at(&self.data, 68)?;
        let last = self.sector / 4 - 1;
        // No more table sectors than sectors: a chain that loops ends here.
        while next < MARKS && found.len() <= self.data.len() / self.sector {
            let table = self.sector(next)?;
            found.extend((0..last).filter_map(|i| u32_at(table, i * 4)));
            next = u32_at(table, last * 4)?;
        }
        found.retain(|number| *number < MARKS);
        found.truncate(self.data.len() / self.sector + 1);
        Some(found)
    }

    /// A sector; the last one of the file may be shorter.
    fn sector(&self, number: u32) -> Option<&[u8]> {
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.data.len());
        self.data.get(start..end).filter(|s| !s.is_empty())
    }

    /// Bytes of a chain of sectors, as far as the chain can be followed.
    fn chain(&self, start: u32, size: u64) -> Vec<u8> {
        follow(start, size, &self.fat, |number| self.sector(number))
    }

    /// True when a stream of that name is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|e| e.name.eq_ignore_ascii_case(name))
    }

    /// A stream by its name.
    pub(super) fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|e| e.name.eq_ignore_ascii_case(name))?;
        if entry.size >= MINI_CUTOFF {
            return Some(self.chain(entry.start, entry.size));
        }
        Some(follow(entry.start, entry.size, &self.mini_fat, |number| {
            let start = (number as usize).checked_mul(MINI_SECTOR)?;
            let end = start.checked_add(MINI_SECTOR)?.min(self.mini_stream.len());
            self.mini_stream.get(start..end).filter(|s| !s.is_empty())
        }))
    }
}

fn follow<'d>(start: u32, size: u64, table: &[u32], sector: impl Fn(u32) -> Option<&'d [u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut next = start;
    for _ in 0..table.len() {
        if next >= MARKS || bytes.len() as u64 >= size {
            break;
        }
        let Some(piece) = sector(next) else { break };
        bytes.extend_from_slice(piece);
        next = table.get(next as usize).copied().unwrap_or(MARKS);
    }
    bytes.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    bytes
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    let length = (usize::from(u16_at(bytes, 64)?).min(64) / 2).saturating_sub(1);
    let units: Vec<u16> = (0..length).filter_map(|i| u16_at(bytes, i * 2)).collect();
    // 1 = storage, 2 = stream, 5 = root.
    let used = matches!(bytes.get(66), Some(1 | 2 | 5));
    let size = u64::from(u32_at(bytes, 120)?);
    used.then(|| Entry {
        name: String::from_utf16_lossy(&units),
        start: u32_at(bytes, 116).unwrap_or(MARKS),
        size,
    })
}

/// Little-endian 16 bits at an offset.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Little-endian 32 bits at an offset.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}
