-- The log: acts, their events, and what proves them. Why from the first day: its format is what exchange between
-- offices will carry, so it must never need a migration of its rows. Hash recipe: src/ledger/chain.rs.

CREATE TABLE act (
  seq        INTEGER PRIMARY KEY,        -- local arrival order; not hashed, not exchanged
  act_id     BLOB NOT NULL UNIQUE CHECK (length(act_id) = 16),    -- UUIDv7; v8 for the clock
  site       BLOB NOT NULL CHECK (length(site) = 16),
  first      INTEGER NOT NULL CHECK (first > 0),                  -- site_seq of its first event
  events     INTEGER NOT NULL CHECK (events > 0),                 -- contiguous
  tick       INTEGER NOT NULL,           -- 1 + greatest tick seen
  at         INTEGER NOT NULL,           -- ms UTC as claimed
  today      TEXT NOT NULL CHECK (length(today) = 10),            -- China date decide was given
  happened   TEXT NOT NULL CHECK (length(happened) = 10),         -- the office day of the deed
  verb       TEXT NOT NULL,
  operator   TEXT NOT NULL,              -- account id, or 'clock'
  acting_for TEXT NOT NULL,              -- body whose right was used, '' if none
  policy     BLOB NOT NULL CHECK (length(policy) = 32),           -- adopted policy + calendar
  because    BLOB CHECK (length(because) = 16),                   -- act answered or undone
  program    TEXT NOT NULL,
  act_hash   BLOB NOT NULL CHECK (length(act_hash) = 32),
  UNIQUE (site, first)
) STRICT;

-- "Greatest tick seen" is asked at every act; arrival order cannot answer it once foreign acts are admitted.
CREATE INDEX act_tick ON act(tick);

CREATE TABLE event (
  seq        INTEGER PRIMARY KEY,        -- local arrival order; not hashed, not exchanged
  act        INTEGER NOT NULL REFERENCES act(seq),                -- hashed as act_hash
  site       BLOB NOT NULL CHECK (length(site) = 16),
  site_seq   INTEGER NOT NULL CHECK (site_seq > 0),               -- gap-free per site
  stream     BLOB NOT NULL CHECK (length(stream) = 16),
  stream_seq INTEGER NOT NULL CHECK (stream_seq > 0),             -- parent's + 1
  epoch      INTEGER NOT NULL CHECK (epoch >= 0),
  parent     BLOB NOT NULL CHECK (length(parent) = 32),           -- zeros at birth
  kind       TEXT NOT NULL,
  version    INTEGER NOT NULL,
  because    INTEGER,                    -- site_seq of the causing event in this act
  body_hash  BLOB NOT NULL CHECK (length(body_hash) = 32),
  prev       BLOB NOT NULL CHECK (length(prev) = 32),
  hash       BLOB NOT NULL CHECK (length(hash) = 32),
  UNIQUE (site, site_seq)
) STRICT;

-- Not UNIQUE: after a merge forks may share a stream_seq.
CREATE INDEX event_stream ON event(stream, stream_seq);

CREATE TABLE event_body (
  seq  INTEGER PRIMARY KEY REFERENCES event(seq),
  salt BLOB NOT NULL CHECK (length(salt) = 16),
  body TEXT NOT NULL CHECK (json_valid(body))
) STRICT;

CREATE TABLE site (
  site             BLOB PRIMARY KEY,
  class            TEXT NOT NULL,
  office           BLOB NOT NULL,
  public_key       BLOB NOT NULL,
  predecessor      BLOB,
  predecessor_head BLOB,
  genesis          BLOB NOT NULL,
  certificate      TEXT
) STRICT;

CREATE TABLE seal (
  site      BLOB NOT NULL,
  site_seq  INTEGER NOT NULL,
  hash      BLOB NOT NULL,
  at        INTEGER NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (site, site_seq)
) STRICT, WITHOUT ROWID;

-- What is written stays. INSERT OR REPLACE fires no DELETE trigger, so an insert over an existing key is
-- stopped before it happens.
CREATE TRIGGER act_keep_update BEFORE UPDATE ON act
  BEGIN SELECT RAISE(ABORT, '日志只能追加：办理记录不能修改'); END;
CREATE TRIGGER act_keep_delete BEFORE DELETE ON act
  BEGIN SELECT RAISE(ABORT, '日志只能追加：办理记录不能删除'); END;
CREATE TRIGGER act_keep_insert BEFORE INSERT ON act
  WHEN EXISTS (SELECT 1 FROM act WHERE seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM act WHERE act_id = NEW.act_id)
    OR EXISTS (SELECT 1 FROM act WHERE site = NEW.site AND first = NEW.first)
  BEGIN SELECT RAISE(ABORT, '日志只能追加：办理记录不能覆盖'); END;

CREATE TRIGGER event_keep_update BEFORE UPDATE ON event
  BEGIN SELECT RAISE(ABORT, '日志只能追加：事件不能修改'); END;
CREATE TRIGGER event_keep_delete BEFORE DELETE ON event
  BEGIN SELECT RAISE(ABORT, '日志只能追加：事件不能删除'); END;
CREATE TRIGGER event_keep_insert BEFORE INSERT ON event
  WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq)
    OR EXISTS (SELECT 1 FROM event WHERE site = NEW.site AND site_seq = NEW.site_seq)
  BEGIN SELECT RAISE(ABORT, '日志只能追加：事件不能覆盖'); END;

-- A body will change only by redaction, announced in the log; until that exists it does not change at all.
CREATE TRIGGER event_body_keep_update BEFORE UPDATE ON event_body
  BEGIN SELECT RAISE(ABORT, '日志只能追加：事件内容不能修改'); END;
CREATE TRIGGER event_body_keep_delete BEFORE DELETE ON event_body
  BEGIN SELECT RAISE(ABORT, '日志只能追加：事件内容不能删除'); END;
CREATE TRIGGER event_body_keep_insert BEFORE INSERT ON event_body
  WHEN EXISTS (SELECT 1 FROM event_body WHERE seq = NEW.seq)
  BEGIN SELECT RAISE(ABORT, '日志只能追加：事件内容不能覆盖'); END;

CREATE TRIGGER seal_keep_update BEFORE UPDATE ON seal
  BEGIN SELECT RAISE(ABORT, '日志只能追加：封签不能修改'); END;
CREATE TRIGGER seal_keep_delete BEFORE DELETE ON seal
  BEGIN SELECT RAISE(ABORT, '日志只能追加：封签不能删除'); END;
CREATE TRIGGER seal_keep_insert BEFORE INSERT ON seal
  WHEN EXISTS (SELECT 1 FROM seal WHERE site = NEW.site AND site_seq = NEW.site_seq)
  BEGIN SELECT RAISE(ABORT, '日志只能追加：封签不能覆盖'); END;

-- Only a certificate may be filled in later.
CREATE TRIGGER site_keep_update
  BEFORE UPDATE OF site, class, office, public_key, predecessor, predecessor_head, genesis ON site
  BEGIN SELECT RAISE(ABORT, '日志只能追加：站点不能修改'); END;
CREATE TRIGGER site_keep_delete BEFORE DELETE ON site
  BEGIN SELECT RAISE(ABORT, '日志只能追加：站点不能删除'); END;
CREATE TRIGGER site_keep_insert BEFORE INSERT ON site
  WHEN EXISTS (SELECT 1 FROM site WHERE site = NEW.site)
  BEGIN SELECT RAISE(ABORT, '日志只能追加：站点不能覆盖'); END;

-- Outside the log: kept by rebuild, not replayed, not exchanged.

-- Which site writes here, its signing key, and the like (names in src/ledger/meta.rs).
CREATE TABLE meta (
  key   TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE attachment (
  sha256 BLOB PRIMARY KEY CHECK (length(sha256) = 32),
  bytes  BLOB NOT NULL
) STRICT;

-- An unfinished form.
CREATE TABLE draft (
  id       BLOB PRIMARY KEY CHECK (length(id) = 16),
  operator TEXT NOT NULL,
  body     TEXT NOT NULL CHECK (json_valid(body)),
  at       INTEGER NOT NULL               -- ms UTC of the last change
) STRICT;
CREATE INDEX draft_operator ON draft(operator, at);

-- Where an operator left off: pane, filter, marks, paused triage.
CREATE TABLE session (
  operator TEXT NOT NULL,
  key      TEXT NOT NULL,
  value    TEXT NOT NULL CHECK (json_valid(value)),
  PRIMARY KEY (operator, key)
) STRICT, WITHOUT ROWID;

-- Which column of a sender's sheet is which field.
CREATE TABLE import_mapping (
  sender   TEXT NOT NULL,
  register TEXT NOT NULL,
  mapping  TEXT NOT NULL CHECK (json_valid(mapping)),
  at       INTEGER NOT NULL,
  PRIMARY KEY (sender, register)
) STRICT, WITHOUT ROWID;
