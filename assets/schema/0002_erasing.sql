-- Content may be erased where the log announces it (sealed clues, sources past their date): until now a body could not
-- change at all. It changes only to the very body whose hash a later `body_erased` event of the same stream names.
-- body_hash() is the program's own (src/ledger/chain.rs); elsewhere nothing changes.
DROP TRIGGER event_body_keep_update;
CREATE TRIGGER event_body_keep_update BEFORE UPDATE ON event_body
  WHEN NEW.seq <> OLD.seq OR NOT EXISTS (
    SELECT 1 FROM event o
      JOIN event a ON a.stream = o.stream AND a.seq > o.seq AND a.kind = 'body_erased'
      JOIN event_body b ON b.seq = a.seq
    WHERE o.seq = OLD.seq
      AND json_extract(b.body, '$.event') = lower(hex(o.hash))
      AND json_extract(b.body, '$.new_hash') = lower(hex(body_hash(NEW.salt, NEW.body))))
  BEGIN SELECT RAISE(ABORT, '日志只能追加：事件内容不能修改'); END;
