//! Text files in the encodings of Chinese offices: a mark at the start decides, else UTF-8, else GB18030.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::domain::fault::Fault;

use super::book::{SAVE_AS, io_fault, unreadable};
use super::grid::Go;

/// Characters beyond ASCII that must have decoded as UTF-8 before one bad byte counts as damage: GB18030 text does not
/// get that far by chance, and a damaged UTF-8 file read as GB18030 would be gibberish without an error.
const SURELY_UTF_8: usize = 20;

/// Longest text read whole: a notice has a page, not a book.
const LONGEST: usize = 1 << 20;

/// The whole text of a short file, in whichever encoding an office saved it.
pub fn whole(path: &Path) -> Result<String, Fault> {
    let mut whole = String::new();
    Decoded::open(path)?.read(&mut |piece| {
        whole.push_str(piece);
        Ok(if whole.len() > LONGEST { Go::Stop } else { Go::On })
    })?;
    if whole.len() > LONGEST {
        return Err(unreadable(path, "太长，不像一份通知").hint("请核对文件；只留通知正文再试"));
    }
    Ok(whole)
}

/// A text file whose encoding is known and holds to the end.
pub(super) struct Decoded {
    path: PathBuf,
    encoding: &'static Encoding,
    mark: u64,
}

/// Why decoding stopped.
enum Trouble {
    Fault(Fault),
    /// A byte that is no text, its line from 1, and how many characters beyond ASCII came before.
    Bad {
        line: usize,
        before: usize,
    },
}

impl Decoded {
    /// Finds the encoding by reading the file once; the first bad byte is named by line.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let mut head = Vec::new();
        let file = File::open(path).map_err(|e| io_fault(path, &e))?;
        file.take(3).read_to_end(&mut head).map_err(|e| io_fault(path, &e))?;
        let marked = Encoding::for_bom(&head);
        let (encoding, mark) = marked.unwrap_or((UTF_8, 0));
        let mut this = Self {
            path: path.to_owned(),
            encoding,
            mark: mark as u64,
        };
        match this.run(&mut |_| Ok(Go::On)) {
            Ok(()) => Ok(this),
            Err(Trouble::Fault(fault)) => Err(fault),
            Err(Trouble::Bad { before, .. }) if marked.is_none() && before < SURELY_UTF_8 => {
                this.encoding = GB18030;
                match this.run(&mut |_| Ok(Go::On)) {
                    Ok(()) => Ok(this),
                    Err(trouble) => Err(this.fault(trouble, "UTF-8 和 GB18030")),
                }
            }
            Err(trouble) => {
                let name = match encoding {
                    e if e == UTF_16LE || e == UTF_16BE => "UTF-16",
                    _ => "UTF-8",
                };
                Err(this.fault(trouble, name))
            }
        }
    }

    /// Streams the text in pieces.
    pub(super) fn read(&self, sink: &mut dyn FnMut(&str) -> Result<Go, Fault>) -> Result<(), Fault> {
        self.run(sink)
            .map_err(|trouble| self.fault(trouble, self.encoding.name()))
    }

    fn fault(&self, trouble: Trouble, tried: &str) -> Fault {
        match trouble {
            Trouble::Fault(fault) => fault,
            Trouble::Bad { line, .. } => unreadable(
                &self.path,
                &format!("第 {line} 行有不是文字的字节（按 {tried} 都读不通）"),
            )
            .hint("请用记事本或 WPS 打开核对该行，另存为 UTF-8 编码或 .xlsx 后再导入"),
        }
    }

    fn run(&self, sink: &mut dyn FnMut(&str) -> Result<Go, Fault>) -> Result<(), Trouble> {
        let io = |e: std::io::Error| Trouble::Fault(io_fault(&self.path, &e));
        let mut file = File::open(&self.path).map_err(io)?;
        std::io::copy(&mut (&mut file).take(self.mark), &mut std::io::sink()).map_err(io)?;
        let mut decoder = self.encoding.new_decoder_without_bom_handling();
        let mut bytes = vec![0; 64 << 10];
        let mut text = String::with_capacity(256 << 10);
        let (mut line, mut before) = (1, 0);
        loop {
            let read = file.read(&mut bytes).map_err(io)?;
            let (mut source, last) = (&bytes[..read], read == 0);
            loop {
                text.clear();
                let (result, used) = decoder.decode_to_string_without_replacement(source, &mut text, last);
                if text.contains('\0') {
                    let fault = unreadable(&self.path, "里面有空字符，不是普通的文本文件").hint(SAVE_AS);
                    return Err(Trouble::Fault(fault));
                }
                line += text.bytes().filter(|b| *b == b'\n').count();
                before += text.chars().filter(|c| !c.is_ascii()).count();
                if sink(&text).map_err(Trouble::Fault)? == Go::Stop {
                    return Ok(());
                }
                source = &source[used..];
                match result {
                    DecoderResult::InputEmpty => break,
                    DecoderResult::OutputFull => {}
                    DecoderResult::Malformed(..) => return Err(Trouble::Bad { line, before }),
                }
            }
            if last {
                return Ok(());
            }
        }
    }
}
