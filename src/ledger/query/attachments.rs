//! Files on the steps of matters the viewer may see.

use std::collections::BTreeSet;

use super::{Ask, Reader};
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
        let mut files = self.ask(|| {
            let mut seen: Vec<Attached> = Vec::new();
            for Carried { stream: at, file } in attachments::all(&self.conn)? {
                let asked = match stream {
                    Some(stream) => at == stream,
                    None => seen.is_empty() && file.sha256.starts_with(&wanted),
                };
                if asked && self.row(at)?.is_some() {
                    seen.push(file);
                }
            }
            Ok::<_, Fault>(seen)
        })?;
        let mut known = BTreeSet::new();
        files.retain(|file| known.insert((file.sha256.clone(), file.name.clone())));
        if files.is_empty() {
            return Err(Refusal::new("not_found", format!("“{typed}”没有附件"))
                .hint("附件的名称和摘要见 lianneng show 编号 --json")
                .into());
        }
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
