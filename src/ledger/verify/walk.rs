//! The walk along the log: every event, its act and its body side by side, in order of arrival.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::Bad;
use super::anchors::Anchors;
use super::erasures::{CHANGED, Erasures};
use super::feed::{Feed, Read};
use super::streams::Streams;
use crate::domain::fault::Fault;
use crate::ledger::chain::{self, Hash, Id};
use crate::ledger::erase;
use crate::ledger::rows::{ACT_COLUMNS, ActRow, EVENT_COLUMNS, EventRow};
use crate::ledger::watch::Watch;

/// What the walk learnt.
pub struct Walked {
    /// Head of the site that writes here.
    pub head: Option<Hash>,
}

/// Where a site's chain stands.
struct Standing {
    site_seq: i64,
    hash: Hash,
    tick: i64,
}

struct Walk {
    anchors: Anchors,
    sites: HashMap<Id, Standing>,
    site_numbers: HashMap<Id, u16>,
    streams: Streams,
    erasures: Erasures,
    kept_seen: bool,
}

/// An act and how many of its events were met.
struct OpenAct {
    row: ActRow,
    hash: Hash,
    met: i64,
}

struct Body {
    salt: [u8; 16],
    text: String,
}

fn read_body(row: &Row) -> rusqlite::Result<Body> {
    Ok(Body {
        salt: row.get(1)?,
        text: row.get(2)?,
    })
}

/// Walks the log up to where it ended at the start. Stops at the first bad event: what follows it cannot be
/// judged. Then asks whether every anchor was met.
pub fn walk(conn: &Connection, anchors: Anchors, watch: &mut Watch, found: &mut Vec<Bad>) -> Result<Walked, Fault> {
    let (acts, events, bodies): (i64, i64, i64) = conn.query_row(
        "SELECT (SELECT coalesce(max(seq), 0) FROM act), (SELECT coalesce(max(seq), 0) FROM event),
                (SELECT coalesce(max(seq), 0) FROM event_body)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    let mut acts = Feed::new(ACT_COLUMNS, "act", "seq", ActRow::read, acts);
    let mut rows = Feed::new(EVENT_COLUMNS, "event e", "e.seq", EventRow::read, events);
    let mut bodies = Feed::new("seq, salt, body", "event_body", "seq", read_body, bodies);
    let mut walk = Walk::new(anchors);
    let mut act: Option<OpenAct> = None;
    let mut expected = 1;
    let total = u64::try_from(events).unwrap_or(0);
    loop {
        if expected % 4_096 == 1 {
            watch.step(u64::try_from(expected - 1).unwrap_or(0), total)?;
        }
        let next = rows.take(conn)?;
        if let Some(bad) = next.as_ref().and_then(|(seq, row)| walk.gap(expected, *seq, row)) {
            found.push(bad);
            return walk.end(conn, false, found);
        }
        if let Err(bad) = walk.boundary(conn, next.as_ref(), &mut act, &mut acts, expected)? {
            found.push(bad);
            return walk.end(conn, false, found);
        }
        let Some((seq, row)) = next else { break };
        let body = bodies.take_if(conn, seq)?;
        if let Err(bad) = walk.event(seq, row, body, act.as_mut()) {
            found.push(bad);
            return walk.end(conn, false, found);
        }
        expected += 1;
    }
    if let Some(seq) = acts.peek(conn)? {
        let reason = format!("第 {seq} 号办理记录没有事件");
        found.push(Bad {
            seq: Some(expected),
            site: None,
            site_seq: None,
            reason,
        });
    }
    if let Some(seq) = bodies.peek(conn)? {
        found.push(Bad {
            seq: Some(seq),
            site: None,
            site_seq: None,
            reason: format!("第 {seq} 条内容没有事件"),
        });
    }
    walk.end(conn, true, found)
}

impl Walk {
    fn new(anchors: Anchors) -> Self {
        let sites = anchors
            .sites
            .iter()
            .map(|(id, site)| {
                (
                    *id,
                    Standing {
                        site_seq: 0,
                        hash: site.genesis,
                        tick: 0,
                    },
                )
            })
            .collect();
        let erasures = Erasures::new(anchors.erased.clone());
        let site_numbers = anchors.sites.keys().copied().zip(0..).collect();
        Self {
            anchors,
            sites,
            site_numbers,
            streams: Streams::default(),
            erasures,
            kept_seen: false,
        }
    }

    /// Between two acts: the last one must be complete, the next one's record must be there and hash to what it
    /// says.
    fn boundary(
        &mut self,
        conn: &Connection,
        next: Option<&(i64, Read<EventRow>)>,
        act: &mut Option<OpenAct>,
        acts: &mut Feed<ActRow>,
        expected: i64,
    ) -> Result<Result<(), Bad>, Fault> {
        let wanted = match next {
            Some((_, Ok(row))) => Some(row.act),
            // A row that cannot be read is named when it is looked at.
            Some((_, Err(_))) => return Ok(Ok(())),
            None => None,
        };
        if let Some(open) = act {
            if wanted == Some(open.row.seq) {
                return Ok(Ok(()));
            }
            if open.met != open.row.events {
                let site_seq = open.row.first + open.met;
                let reason = format!("办理记录说有 {} 条事件，日志里是 {} 条", open.row.events, open.met);
                return Ok(Err(Bad {
                    seq: Some(expected),
                    site: Some(open.row.site),
                    site_seq: Some(site_seq),
                    reason,
                }));
            }
        }
        let (Some(wanted), Some((_, Ok(event)))) = (wanted, next) else {
            return Ok(Ok(()));
        };
        let due = act.as_ref().map_or(1, |open| open.row.seq + 1);
        let bad = |reason: String| Bad {
            seq: Some(expected),
            site: Some(event.site),
            site_seq: Some(event.site_seq),
            reason,
        };
        if wanted != due {
            return Ok(Err(bad(format!("事件指向第 {wanted} 号办理记录，应为第 {due} 号"))));
        }
        let row = match acts.take_if(conn, wanted)? {
            None => return Ok(Err(bad(format!("第 {wanted} 号办理记录缺失")))),
            Some(Err(error)) => return Ok(Err(bad(format!("第 {wanted} 号办理记录读不出来：{error}")))),
            Some(Ok(row)) => row,
        };
        let hash = row.hash();
        if hash != row.act_hash {
            return Ok(Err(bad(format!("第 {wanted} 号办理记录被改动：哈希不符"))));
        }
        let Some(standing) = self.sites.get_mut(&row.site) else {
            return Ok(Err(bad(format!("第 {wanted} 号办理记录的站点不在台账里"))));
        };
        if row.tick <= standing.tick {
            return Ok(Err(bad(format!("第 {wanted} 号办理记录的时序号没有增加"))));
        }
        if row.first != standing.site_seq + 1 {
            return Ok(Err(bad(format!("第 {wanted} 号办理记录的起点不对"))));
        }
        standing.tick = row.tick;
        *act = Some(OpenAct { row, hash, met: 0 });
        Ok(Ok(()))
    }

    /// An event that should be there and is not.
    fn gap(&self, expected: i64, seq: i64, next: &Read<EventRow>) -> Option<Bad> {
        let site = next.as_ref().ok().map(|event| event.site);
        let site_seq = site.and_then(|site| Some(self.sites.get(&site)?.site_seq + 1));
        (seq != expected).then(|| Bad {
            seq: Some(expected),
            site,
            site_seq,
            reason: format!("第 {expected} 条事件缺失"),
        })
    }

    /// One event with its body: numbers, parent, commitment and link.
    fn event(
        &mut self,
        seq: i64,
        row: Read<EventRow>,
        body: Option<Read<Body>>,
        act: Option<&mut OpenAct>,
    ) -> Result<(), Bad> {
        let at = |site, site_seq, reason: String| Bad {
            seq: Some(seq),
            site,
            site_seq,
            reason,
        };
        let event = row.map_err(|error| at(None, None, format!("第 {seq} 条事件读不出来：{error}")))?;
        let bad = |reason: String| at(Some(event.site), Some(event.site_seq), reason);
        let act = act
            .filter(|open| open.row.site == event.site)
            .ok_or_else(|| bad("事件与办理记录的站点不同".into()))?;
        let number = self.site_numbers.get(&event.site).copied().unwrap_or_default();
        let standing = self
            .sites
            .get_mut(&event.site)
            .ok_or_else(|| bad("事件的站点不在台账里".into()))?;
        if event.site_seq != standing.site_seq + 1 {
            let due = standing.site_seq + 1;
            return Err(at(
                Some(event.site),
                Some(due),
                format!("站点内序号是 {}，应为 {due}", event.site_seq),
            ));
        }
        if event.prev != standing.hash {
            return Err(bad("前一环哈希不符：链条在此断开".into()));
        }
        let body = match body {
            None => return Err(bad("事件的内容缺失".into())),
            Some(Err(error)) => return Err(bad(format!("事件的内容读不出来：{error}"))),
            Some(Ok(body)) => body,
        };
        let body_hash = chain::body_hash(&body.salt, &body.text);
        // Erased content: the log must announce it further on, and nothing may stand there that could be content.
        let replaced = body_hash != event.body_hash;
        if replaced && !erase::holds_nothing(&event.kind, event.version, &body.text) {
            return Err(bad(CHANGED.into()));
        }
        if event
            .because
            .is_some_and(|cause| cause < act.row.first || cause >= event.site_seq)
        {
            return Err(bad("事件的起因不在同一次办理里".into()));
        }
        let link = chain::link(&event.prev, &event.leaf(&act.hash));
        if link != event.hash {
            return Err(bad("事件被改动：哈希不符".into()));
        }
        if let Some(reason) = self.streams.follow(&event, number) {
            return Err(bad(reason.into()));
        }
        if event.kind == erase::ERASED
            && let Err(reason) = self.erasures.announced(&event, &body.text)
        {
            return Err(bad(reason.into()));
        }
        self.erasures.met(seq, &event, replaced.then_some(body_hash));
        if let Some(anchors) = self.anchors.heads.remove(&(event.site, event.site_seq))
            && let Some(anchor) = anchors.iter().find(|anchor| anchor.hash != event.hash)
        {
            return Err(bad(format!("与{}记下的哈希不符", anchor.source)));
        }
        self.kept_seen |= self.anchors.kept == Some(event.hash);
        standing.site_seq = event.site_seq;
        standing.hash = event.hash;
        act.met += 1;
        Ok(())
    }

    /// After the last event: whatever was sealed, marked or kept elsewhere and was not met is missing.
    fn end(mut self, conn: &Connection, whole: bool, found: &mut Vec<Bad>) -> Result<Walked, Fault> {
        self.erasures.end(conn, whole, found)?;
        let head = self
            .anchors
            .current
            .and_then(|site| self.sites.get(&site))
            .map(|standing| standing.hash);
        if !whole {
            return Ok(Walked { head });
        }
        for (site, known) in &self.anchors.sites {
            let Some((predecessor, head)) = known.continues else {
                continue;
            };
            if self
                .sites
                .get(&predecessor)
                .is_some_and(|standing| standing.hash != head)
            {
                let reason = "站点记下的前站点末尾与日志不符：有事件缺失或多余";
                found.push(Bad {
                    seq: None,
                    site: Some(*site),
                    site_seq: Some(0),
                    reason: reason.into(),
                });
            }
        }
        let mut missing: Vec<_> = std::mem::take(&mut self.anchors.heads).into_iter().collect();
        missing.sort_by_key(|((_, site_seq), _)| *site_seq);
        for ((site, site_seq), anchors) in missing {
            let standing = self.sites.get(&site);
            let genesis = self.anchors.sites.get(&site).map(|known| known.genesis);
            for anchor in anchors {
                if site_seq == 0 && genesis == Some(anchor.hash) {
                    continue;
                }
                let reached = standing.map_or(0, |standing| standing.site_seq);
                let reason = format!(
                    "日志尾部缺失：{}记到第 {site_seq} 条，日志只到第 {reached} 条",
                    anchor.source
                );
                found.push(Bad {
                    seq: None,
                    site: Some(site),
                    site_seq: Some(reached + 1),
                    reason,
                });
            }
        }
        if self.anchors.kept.is_some() && !self.kept_seen {
            found.push(Bad::general(
                "日志里没有所给的链头：日志被整个重写过，或链头不是本台账的",
            ));
        }
        Ok(Walked { head })
    }
}
