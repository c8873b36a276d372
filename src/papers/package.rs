//! The zip package of an xlsx or ods file, its parts read with a bound on everything a stranger could blow up.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::domain::fault::Fault;

use super::book::{SAVE_AS, io_fault, unreadable};

/// Longest piece of XML (one text, one tag) that is held at once: a cell holds 32,767 characters.
const MAX_PIECE: u64 = 8 << 20;
/// Deepest nesting of tags; a sheet needs about ten.
const MAX_DEPTH: u32 = 100;
/// Most files in the package.
const MAX_ENTRIES: usize = 10_000;

/// An open package.
pub(super) struct Package {
    zip: ZipArchive<BufReader<File>>,
    /// Entries by lower-cased name: some writers mix cases, and some write backslashes.
    entries: HashMap<String, usize>,
    path: PathBuf,
}

impl Package {
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let file = File::open(path).map_err(|e| io_fault(path, &e))?;
        let zip = ZipArchive::new(BufReader::new(file)).map_err(|e| damaged(path, &e))?;
        if zip.len() > MAX_ENTRIES {
            return Err(unreadable(path, "内部文件过多，不像正常的电子表格").hint(SAVE_AS));
        }
        let entries = (0..zip.len())
            .filter_map(|i| Some((plain_name(&zip.name_for_index(i)?.ok()?), i)))
            .collect();
        Ok(Self {
            zip,
            entries,
            path: path.to_owned(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// True when the package has a part of that name.
    pub(super) fn has(&self, part: &str) -> bool {
        self.entries.contains_key(&plain_name(part))
    }

    /// Opens a part as XML of at most `limit` bytes; `None` when the package has none of that name.
    pub(super) fn xml(&mut self, part: &str, limit: u64) -> Result<Option<Xml<'_>>, Fault> {
        let Some(index) = self.entries.get(&plain_name(part)) else {
            return Ok(None);
        };
        let file = self.zip.by_index(*index).map_err(|e| damaged(&self.path, &e))?;
        let bounded = Bounded {
            inner: file,
            left: limit,
            piece: MAX_PIECE,
        };
        let mut reader = Reader::from_reader(BufReader::with_capacity(64 << 10, bounded));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.allow_dangling_amp = true;
        Ok(Some(Xml {
            reader,
            depth: 0,
            path: &self.path,
        }))
    }
}

fn plain_name(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

fn damaged(path: &Path, error: &ZipError) -> Fault {
    match error {
        ZipError::Io(e) if e.kind() != std::io::ErrorKind::UnexpectedEof => io_fault(path, e),
        ZipError::UnsupportedArchive(m) if m.contains("assword") => {
            unreadable(path, "加了密码").hint("请在原程序里取消密码，另存后再导入")
        }
        _ => broken(path),
    }
}

/// Counts what a compressed part really yields: what its header declares may lie.
struct Bounded<R> {
    inner: R,
    left: u64,
    piece: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let bytes = read as u64;
        let (left, piece) = (self.left.checked_sub(bytes), self.piece.checked_sub(bytes));
        let (Some(left), Some(piece)) = (left, piece) else {
            return Err(std::io::Error::other(TOO_LARGE));
        };
        (self.left, self.piece) = (left, piece);
        Ok(read)
    }
}

const TOO_LARGE: &str = "too large";

/// A part being read as XML.
pub(super) struct Xml<'p> {
    reader: Reader<BufReader<Bounded<ZipFile<'p, BufReader<File>>>>>,
    depth: u32,
    path: &'p Path,
}

impl Xml<'_> {
    /// The next event; an empty element opens and closes. `Eof` ends the part.
    pub(super) fn event<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, Fault> {
        buffer.clear();
        self.reader.get_mut().get_mut().piece = MAX_PIECE;
        let event = self.reader.read_event_into(buffer).map_err(|e| match e {
            quick_xml::Error::Io(e) if e.to_string() == TOO_LARGE => {
                unreadable(self.path, "展开后过大，不像正常的电子表格").hint("请删去图片和无关工作表，或分成几个文件")
            }
            _ => broken(self.path),
        })?;
        match event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        // The reader remembers every open tag.
        if self.depth > MAX_DEPTH {
            Err(broken(self.path))
        } else {
            Ok(event)
        }
    }

    /// Adds what a text event says to `text`; other events say nothing.
    pub(super) fn read_text(&self, event: &Event<'_>, text: &mut String) -> Result<(), Fault> {
        let broken = |_| broken(self.path);
        match event {
            Event::Text(t) => text.push_str(&t.xml10_content().map_err(broken)?),
            Event::CData(t) => text.push_str(&t.xml10_content().map_err(broken)?),
            Event::GeneralRef(r) => match r.resolve_char_ref() {
                Ok(Some(c)) => text.push(c),
                Ok(None) => match &r[..] {
                    b"lt" => text.push('<'),
                    b"gt" => text.push('>'),
                    b"amp" => text.push('&'),
                    b"quot" => text.push('"'),
                    b"apos" => text.push('\''),
                    _ => {}
                },
                Err(_) => text.push(char::REPLACEMENT_CHARACTER),
            },
            _ => {}
        }
        self.bounded(text)
    }

    /// Refuses a text longer than any cell's.
    pub(super) fn bounded(&self, text: &str) -> Result<(), Fault> {
        if text.len() as u64 > MAX_PIECE {
            Err(too_long(self.path))
        } else {
            Ok(())
        }
    }

    pub(super) fn path(&self) -> &Path {
        self.path
    }
}

/// The value of an attribute by its local name.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|a| a.key.local_name().as_ref() == name.as_bytes())?;
    found.unescape_value().ok().map(|value| value.into_owned())
}

/// A file that is cut, overwritten or written by something else than a spreadsheet program.
pub(super) fn broken(path: &Path) -> Fault {
    unreadable(path, "已损坏，或没有拷贝完整").hint("请重新拷贝一次；仍不行，请在原程序里另存为 .xlsx")
}

fn too_long(path: &Path) -> Fault {
    unreadable(path, "有一个单元格过长，不像正常的电子表格").hint(SAVE_AS)
}
