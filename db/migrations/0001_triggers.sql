-- The log is append-only: a row is never changed, and goes only with its purged job.
CREATE TRIGGER job_logs_no_update BEFORE UPDATE ON job_logs
BEGIN
  SELECT RAISE(ABORT, 'job_logs rows are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER job_logs_no_delete BEFORE DELETE ON job_logs
WHEN EXISTS (SELECT 1 FROM jobs WHERE id = OLD.jobId)
BEGIN
  SELECT RAISE(ABORT, 'job_logs rows go only with their purged job');
END;
--> statement-breakpoint
-- REPLACE removes what is in its way without asking the triggers on DELETE.
CREATE TRIGGER job_logs_no_replace BEFORE INSERT ON job_logs
WHEN EXISTS (SELECT 1 FROM job_logs WHERE seq = NEW.seq)
  OR EXISTS (SELECT 1 FROM job_logs WHERE id = NEW.id)
  OR EXISTS (SELECT 1 FROM job_logs WHERE jobId = NEW.jobId AND number = NEW.number)
BEGIN
  SELECT RAISE(ABORT, 'job_logs rows are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit rows are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'audit rows are append-only');
END;
--> statement-breakpoint
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'audit rows are append-only');
END;
--> statement-breakpoint
-- Counters by owner and status, and for everyone under '*': pages show them without counting.
CREATE TRIGGER job_counts_insert AFTER INSERT ON jobs WHEN NEW.archivedAt IS NULL
BEGIN
  INSERT INTO job_counts (ownerId, status, count) VALUES (NEW.userId, NEW.status, 1)
    ON CONFLICT (ownerId, status) DO UPDATE SET count = count + 1;
  INSERT INTO job_counts (ownerId, status, count) VALUES ('*', NEW.status, 1)
    ON CONFLICT (ownerId, status) DO UPDATE SET count = count + 1;
END;
--> statement-breakpoint
CREATE TRIGGER job_counts_delete AFTER DELETE ON jobs WHEN OLD.archivedAt IS NULL
BEGIN
  UPDATE job_counts SET count = count - 1 WHERE ownerId IN (OLD.userId, '*') AND status = OLD.status;
END;
--> statement-breakpoint
CREATE TRIGGER job_counts_update AFTER UPDATE OF status, archivedAt, userId ON jobs
WHEN OLD.status <> NEW.status OR OLD.archivedAt IS NOT NEW.archivedAt OR OLD.userId <> NEW.userId
BEGIN
  UPDATE job_counts SET count = count - 1
    WHERE OLD.archivedAt IS NULL AND ownerId IN (OLD.userId, '*') AND status = OLD.status;
  INSERT INTO job_counts (ownerId, status, count)
    SELECT NEW.userId, NEW.status, 1 WHERE NEW.archivedAt IS NULL
    ON CONFLICT (ownerId, status) DO UPDATE SET count = count + 1;
  INSERT INTO job_counts (ownerId, status, count)
    SELECT '*', NEW.status, 1 WHERE NEW.archivedAt IS NULL
    ON CONFLICT (ownerId, status) DO UPDATE SET count = count + 1;
END;
