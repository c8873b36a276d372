//! Files on the steps of matters the viewer may see.

use std::collections::BTreeSet;

use super::{Ask, Reader};
use crate::domain::StreamId;
use crate::domain::attachment::Attached;
use crate::domain::fault::{Fault, FaultKind, Refusal};
use crate::ledger::attachments::{self, Carried};

/// Fewest digits of a SHA-256 that name a file.
const DIGITS: usize = 8;

impl Reader {
    /// The files on a matter's steps, by its code; or the one file whose SHA-256 begins so.
    pub fn attachments(&self, typed: &str) -> Result<Vec<Attached>, Ask> {
        let typed = typed.trim();
        let wanted = typed.to_ascii_lowercase();
        let is_digest = (DIGITS..=64).contains(&wanted.len()) && wanted.bytes().all(|b| b.is_ascii_hexdigit());
        let stream = if is_digest { None } else { Some(self.resolve(typed)?) };
        let files = self.ask(|| {
            let mut seen: Vec<Attached> = Vec::new();
            if let Some(stream) = stream {
                return self.files_on(stream);
            }
            for Carried { stream: at, file } in attachments::all(&self.conn)? {
                if seen.is_empty() && file.sha256.starts_with(&wanted) && self.row(at)?.is_some() {
                    seen.push(file);
                }
            }
            Ok::<_, Fault>(seen)
        })?;
        if files.is_empty() {
            return Err(Refusal::new("not_found", format!("“{typed}”没有附件"))
                .hint("附件的名称和摘要见 lianneng show 编号 --json")
                .into());
        }
        Ok(files)
    }

    /// The files on a matter's steps, oldest first, each once; none for a matter kept from the viewer.
    pub fn attachments_of(&self, stream: StreamId) -> Result<Vec<Attached>, Fault> {
        self.ask(|| self.files_on(stream))
    }

    fn files_on(&self, stream: StreamId) -> Result<Vec<Attached>, Fault> {
        if self.row(stream)?.is_none() {
            return Ok(Vec::new());
        }
        let mut files = attachments::on(&self.conn, stream)?;
        let mut known = BTreeSet::new();
        files.retain(|file| known.insert((file.sha256.clone(), file.name.clone())));
        Ok(files)
    }

    /// The bytes of one of them; a fault when they are missing or not what they were.
    pub fn attachment_bytes(&self, file: &Attached) -> Result<Vec<u8>, Fault> {
        let bytes = attachments::bytes(&self.conn, &file.sha256)?;
        bytes.filter(|bytes| attachments::is(bytes, file)).ok_or_else(|| {
            Fault::new(FaultKind::Damaged, format!("附件“{}”的内容缺失或被改动", file.name))
                .hint("请运行 lianneng verify，并从备份里找回。")
        })
    }
}
