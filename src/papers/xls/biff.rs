//! Records of an old workbook (MS-XLS): a type, a length, bytes; long ones go on in CONTINUE records.

use encoding_rs::{BIG5, EUC_KR, Encoding, GB18030, SHIFT_JIS, UTF_8, WINDOWS_1252};

use super::container::u16_at;

/// Record types that are read.
pub(super) mod kind {
    pub(in super::super) const FORMULA: u16 = 0x0006;
    pub(in super::super) const END: u16 = 0x000A;
    pub(in super::super) const DATE_MODE: u16 = 0x0022;
    pub(in super::super) const FILE_PASS: u16 = 0x002F;
    pub(in super::super) const CONTINUE: u16 = 0x003C;
    pub(in super::super) const CODE_PAGE: u16 = 0x0042;
    pub(in super::super) const BOUND_SHEET: u16 = 0x0085;
    pub(in super::super) const MUL_RK: u16 = 0x00BD;
    pub(in super::super) const RICH_LABEL: u16 = 0x00D6;
    pub(in super::super) const XF: u16 = 0x00E0;
    pub(in super::super) const MERGE_CELLS: u16 = 0x00E5;
    pub(in super::super) const SST: u16 = 0x00FC;
    pub(in super::super) const LABEL_SST: u16 = 0x00FD;
    pub(in super::super) const NUMBER: u16 = 0x0203;
    pub(in super::super) const LABEL: u16 = 0x0204;
    pub(in super::super) const BOOL_ERR: u16 = 0x0205;
    pub(in super::super) const STRING: u16 = 0x0207;
    pub(in super::super) const RK: u16 = 0x027E;
    pub(in super::super) const FORMAT: u16 = 0x041E;
    pub(in super::super) const BEGIN: u16 = 0x0809;
}

/// A record's type and bytes.
pub(super) struct Record<'s> {
    pub(super) kind: u16,
    pub(super) bytes: &'s [u8],
}

/// The records of a stream from an offset to its end; a record cut off ends them.
pub(super) fn records(stream: &[u8], from: usize) -> impl Iterator<Item = Record<'_>> {
    let mut at = from;
    std::iter::from_fn(move || {
        let kind = u16_at(stream, at)?;
        let length = usize::from(u16_at(stream, at + 2)?);
        let start = at + 4;
        let bytes = stream.get(start..start + length)?;
        at = start + length;
        Some(Record { kind, bytes })
    })
}

/// How a workbook writes texts.
#[derive(Clone, Copy)]
pub(super) enum Texts {
    /// Excel 97 and later: two bytes a character, or one for the first 256.
    Wide,
    /// Excel 5 and 95: bytes of the machine's code page.
    Bytes(&'static Encoding),
}

/// The encoding of a Windows code page; GB18030 when it is not one of those met in China.
pub(super) fn code_page(number: u16) -> &'static Encoding {
    match number {
        932 => SHIFT_JIS,
        949 => EUC_KR,
        950 => BIG5,
        1252 | 32769 => WINDOWS_1252,
        65001 => UTF_8,
        _ => GB18030,
    }
}

impl Texts {
    /// A text whose length in characters stands before it in one byte (`short`) or two.
    pub(super) fn read(self, bytes: &[u8], short: bool) -> Option<String> {
        let (count, rest) = match short {
            true => (usize::from(*bytes.first()?), bytes.get(1..)?),
            false => (usize::from(u16_at(bytes, 0)?), bytes.get(2..)?),
        };
        match self {
            Self::Wide => {
                let flags = *rest.first()?;
                let mut text = String::new();
                characters(rest.get(1..)?, count, flags & 1 != 0, &mut text);
                Some(text)
            }
            Self::Bytes(encoding) => {
                let text = encoding
                    .decode_without_bom_handling(rest.get(..count.min(rest.len()))?)
                    .0;
                Some(text.into_owned())
            }
        }
    }
}

/// Adds up to `count` characters and says how many bytes and characters that took.
fn characters(bytes: &[u8], count: usize, wide: bool, text: &mut String) -> (usize, usize) {
    if wide {
        let taken = count.min(bytes.len() / 2);
        let units = (0..taken).filter_map(|i| u16_at(bytes, i * 2));
        text.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
        (taken * 2, taken)
    } else {
        let taken = count.min(bytes.len());
        text.extend(bytes.iter().take(taken).map(|b| char::from(*b)));
        (taken, taken)
    }
}

/// Reads the table of shared texts out of its record and the CONTINUE records after it.
pub(super) struct SharedTexts<'s> {
    pieces: Vec<&'s [u8]>,
    piece: usize,
    at: usize,
}

impl<'s> SharedTexts<'s> {
    pub(super) fn new(pieces: Vec<&'s [u8]>) -> Self {
        // Two counts come first; they may lie.
        Self {
            pieces,
            piece: 0,
            at: 8,
        }
    }

    fn rest(&self) -> &'s [u8] {
        self.pieces
            .get(self.piece)
            .and_then(|p| p.get(self.at..))
            .unwrap_or_default()
    }

    /// Moves to the next piece when this one is used up; `None` at the end.
    fn turn(&mut self) -> Option<()> {
        while self.rest().is_empty() {
            self.piece += 1;
            self.at = 0;
            self.pieces.get(self.piece)?;
        }
        Some(())
    }

    fn take(&mut self, count: usize) -> Option<&'s [u8]> {
        self.turn()?;
        let bytes = self.rest().get(..count)?;
        self.at += count;
        Some(bytes)
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0 && self.turn().is_some() {
            let step = count.min(self.rest().len());
            self.at += step;
            count -= step;
        }
    }

    /// The next text without its formatting runs and phonetic data; `None` at the end.
    pub(super) fn next(&mut self) -> Option<String> {
        let head = self.take(3)?;
        let mut left = usize::from(u16_at(head, 0)?);
        let flags = head[2];
        let runs = if flags & 8 != 0 {
            usize::from(u16_at(self.take(2)?, 0)?)
        } else {
            0
        };
        let extra = if flags & 4 != 0 {
            super::container::u32_at(self.take(4)?, 0)? as usize
        } else {
            0
        };
        let mut wide = flags & 1 != 0;
        let mut text = String::new();
        while left > 0 {
            if self.rest().is_empty() {
                self.turn()?;
                // Each piece of a text says anew how wide its characters are.
                wide = self.take(1)?[0] & 1 != 0;
            }
            let (bytes, taken) = characters(self.rest(), left, wide, &mut text);
            if taken == 0 {
                return None;
            }
            self.at += bytes;
            left -= taken;
        }
        self.skip(runs * 4);
        self.skip(extra);
        Some(text)
    }
}
