-- Everything the log says, arranged for asking. Derived: each table here can be dropped and is filled again by
-- `lianneng rebuild`. Not a migration step: src/ledger/project/layout.rs makes these tables, and one more per register.

-- What the derived tables were made by; another value means they are stale and are made again.
CREATE TABLE projection (
  name TEXT PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT, WITHOUT ROWID;

CREATE TABLE stream (
  id       INTEGER PRIMARY KEY,      -- seq of the stream's first event, so that it survives a rebuild
  stream   BLOB NOT NULL UNIQUE CHECK (length(stream) = 16),
  kind     TEXT NOT NULL,
  owner    BLOB NOT NULL,            -- site that wrote its last event
  epoch    INTEGER NOT NULL,
  head     INTEGER NOT NULL,         -- seq of its last event
  tip      INTEGER NOT NULL,         -- seq of the step it stands at, undone ones left out; 0 = before its birth
  version  INTEGER NOT NULL,         -- stream_seq of its last event
  code     TEXT NOT NULL,
  title    TEXT NOT NULL,
  happened TEXT NOT NULL,            -- office day of the step it stands at
  gone     INTEGER NOT NULL,         -- 1 = its birth was taken back; its code stays used
  frozen   INTEGER NOT NULL          -- 1 = written by a newer program, cannot be handled here
) STRICT;

-- The state once, apart from `stream`: it is long, and what lists walk over should be short.
CREATE TABLE state (
  id    INTEGER PRIMARY KEY,
  state TEXT NOT NULL
) STRICT;

-- Live matters per body, worst and most urgent first. Body keys: src/ledger/project/body_key.rs; -1 = all bodies.
CREATE TABLE queue (
  body INTEGER NOT NULL,
  kind TEXT NOT NULL,
  rank INTEGER NOT NULL,             -- 0 red, 1 orange, 2 yellow, 3 not yet graded
  due  TEXT NOT NULL,                -- 9999-12-31 when no deadline runs
  id   INTEGER NOT NULL,
  role TEXT NOT NULL,                -- lead, co, all
  PRIMARY KEY (body, kind, rank, due, id)
) STRICT, WITHOUT ROWID;

-- Every running deadline of every kind.
CREATE TABLE due (
  id          INTEGER PRIMARY KEY,
  kind        TEXT NOT NULL,
  step        TEXT NOT NULL,
  day         TEXT NOT NULL,
  day_kind    TEXT NOT NULL,
  owner       TEXT NOT NULL,
  body_lead   INTEGER,
  body_co     INTEGER,
  unit        INTEGER,
  grade       TEXT,
  provisional INTEGER NOT NULL
) STRICT;

-- What points at what, for relations that no filter column answers.
CREATE TABLE link (
  target   INTEGER NOT NULL,
  relation TEXT NOT NULL,
  kind     TEXT NOT NULL,
  id       INTEGER NOT NULL,
  PRIMARY KEY (target, relation, kind, id)
) STRICT, WITHOUT ROWID;

-- Matters on which a proposal waits for a signature.
CREATE TABLE waiting (
  target   INTEGER NOT NULL,
  proposal INTEGER NOT NULL,
  PRIMARY KEY (target, proposal)
) STRICT, WITHOUT ROWID;

-- Day after which time may cause something for a stream (lapses, ends, overdue proposals).
CREATE TABLE watch (
  id  INTEGER PRIMARY KEY,
  day TEXT NOT NULL
) STRICT;

-- Finds the point of the same post, item and description.
CREATE TABLE point_key (
  key INTEGER NOT NULL,
  id  INTEGER NOT NULL,
  PRIMARY KEY (key, id)
) STRICT, WITHOUT ROWID;

-- Maintained counts: nothing that is shown is counted by walking.
CREATE TABLE counter (
  kind      TEXT NOT NULL,
  dimension TEXT NOT NULL,
  value     TEXT NOT NULL,
  n         INTEGER NOT NULL,
  PRIMARY KEY (kind, dimension, value)
) STRICT, WITHOUT ROWID;

-- Highest number given per prefix and year (0 = without year); those of births taken back stay used.
CREATE TABLE code_number (
  prefix TEXT NOT NULL,
  year   INTEGER NOT NULL,
  last   INTEGER NOT NULL,
  PRIMARY KEY (prefix, year)
) STRICT, WITHOUT ROWID;

-- What was in force when, by office days: from inclusive, to exclusive, NULL = still.
CREATE TABLE grade_span (
  id INTEGER NOT NULL, n INTEGER NOT NULL, grade TEXT NOT NULL, from_day TEXT NOT NULL, to_day TEXT,
  PRIMARY KEY (id, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE stage_span (
  id INTEGER NOT NULL, n INTEGER NOT NULL, stage TEXT NOT NULL, from_day TEXT NOT NULL, to_day TEXT,
  PRIMARY KEY (id, n)
) STRICT, WITHOUT ROWID;
-- Points while a deadline of theirs runs: who stood in a queue on a day.
CREATE TABLE open_span (
  id INTEGER NOT NULL, n INTEGER NOT NULL, open TEXT NOT NULL, from_day TEXT NOT NULL, to_day TEXT,
  PRIMARY KEY (id, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE restriction_span (
  person INTEGER NOT NULL, act TEXT NOT NULL, source INTEGER NOT NULL, from_day TEXT NOT NULL, to_day TEXT,
  PRIMARY KEY (person, act, source)
) STRICT, WITHOUT ROWID;
-- to_day of a seat is its last day, as an appointment says it.
CREATE TABLE seat_span (
  id INTEGER PRIMARY KEY, body INTEGER NOT NULL, role TEXT NOT NULL, person INTEGER, post INTEGER, name TEXT NOT NULL,
  from_day TEXT NOT NULL, to_day TEXT
) STRICT;

-- Grams made by src/ledger/project/gram.rs; rowid = stream.id. Merging is left to maintenance: on the commit path
-- it would cost 13 ms now and then.
CREATE VIRTUAL TABLE find USING fts5(g, content='', contentless_delete=1, tokenize='ascii', detail=none);
INSERT INTO find(find, rank) VALUES ('automerge', 0);
INSERT INTO find(find, rank) VALUES ('crisismerge', 1000);

-- Texts that arrived in a burst and are not yet in `find`.
CREATE TABLE fts_todo (id INTEGER PRIMARY KEY) STRICT;

-- Indexes, made last: a rebuild fills the tables first and sorts once.
CREATE INDEX stream_code ON stream(code) WHERE code <> '';
CREATE INDEX stream_title ON stream(kind, title)
  WHERE kind IN ('unit', 'section', 'post', 'person', 'body', 'account');
CREATE INDEX stream_adoption ON stream(id) WHERE kind = 'adoption';
CREATE INDEX due_day ON due(day, id);
CREATE INDEX watch_day ON watch(day, id);
CREATE INDEX seat_span_body ON seat_span(body, role, from_day);
