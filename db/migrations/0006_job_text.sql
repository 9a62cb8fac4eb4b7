-- Text search leans on jobs.no and keeps no text of its own. `owner` and `labels` hold exact words that no tokenizer may
-- split: whose a job is ('everyone' and 'o' || user id), its tags ('t' || hex) and metadata ('m' || hex of key=value).
CREATE VIRTUAL TABLE jobs_text USING fts5(
  owner, labels, tags, name, description, result,
  content = '', contentless_delete = 1, prefix = '2 3', tokenize = "unicode61 remove_diacritics 2"
);
--> statement-breakpoint
INSERT INTO jobs_text (rowid, owner, labels, tags, name, description, result)
  SELECT no, 'everyone o' || userId, '', '', name, description, substr(result, 1, 100000)
  FROM jobs WHERE archivedAt IS NULL ORDER BY no;
--> statement-breakpoint
CREATE TRIGGER jobs_text_insert AFTER INSERT ON jobs WHEN NEW.archivedAt IS NULL
BEGIN
  INSERT INTO jobs_text (rowid, owner, labels, tags, name, description, result)
    VALUES (NEW.no, 'everyone o' || NEW.userId,
      coalesce((SELECT group_concat('t' || hex(value), ' ') FROM json_each(NEW.tags)), '') || ' ' ||
        coalesce((SELECT group_concat('m' || hex(key || '=' || value), ' ') FROM json_each(NEW.metadata)), ''),
      coalesce((SELECT group_concat(value, ' ') FROM json_each(NEW.tags)), '') || ' ' ||
        coalesce((SELECT group_concat(key || ' ' || value, ' ') FROM json_each(NEW.metadata)), ''),
      NEW.name, NEW.description, substr(NEW.result, 1, 100000));
END;
--> statement-breakpoint
CREATE TRIGGER jobs_text_delete AFTER DELETE ON jobs WHEN OLD.archivedAt IS NULL
BEGIN
  DELETE FROM jobs_text WHERE rowid = OLD.no;
END;
--> statement-breakpoint
CREATE TRIGGER jobs_text_update AFTER UPDATE OF name, description, result, tags, metadata, userId, archivedAt ON jobs
WHEN OLD.name <> NEW.name OR OLD.description <> NEW.description OR OLD.result IS NOT NEW.result
  OR OLD.tags <> NEW.tags OR OLD.metadata <> NEW.metadata OR OLD.userId <> NEW.userId
  OR OLD.archivedAt IS NOT NEW.archivedAt
BEGIN
  DELETE FROM jobs_text WHERE rowid = OLD.no AND OLD.archivedAt IS NULL;
  INSERT INTO jobs_text (rowid, owner, labels, tags, name, description, result)
    SELECT NEW.no, 'everyone o' || NEW.userId,
      coalesce((SELECT group_concat('t' || hex(value), ' ') FROM json_each(NEW.tags)), '') || ' ' ||
        coalesce((SELECT group_concat('m' || hex(key || '=' || value), ' ') FROM json_each(NEW.metadata)), ''),
      coalesce((SELECT group_concat(value, ' ') FROM json_each(NEW.tags)), '') || ' ' ||
        coalesce((SELECT group_concat(key || ' ' || value, ' ') FROM json_each(NEW.metadata)), ''),
      NEW.name, NEW.description, substr(NEW.result, 1, 100000)
    WHERE NEW.archivedAt IS NULL;
END;
