INSERT INTO retention (id) VALUES (1);
--> statement-breakpoint
-- The preview of an import is for its draft: nothing of it is shown later.
UPDATE imports SET first = '[]' WHERE batchId IN (SELECT id FROM batches WHERE state <> 'DRAFT');
--> statement-breakpoint
DROP TRIGGER job_logs_no_delete;
--> statement-breakpoint
-- A long log goes in slices before its job: while the job is being purged.
CREATE TRIGGER job_logs_no_delete BEFORE DELETE ON job_logs
WHEN EXISTS (SELECT 1 FROM jobs WHERE id = OLD.jobId) AND NOT EXISTS (SELECT 1 FROM job_purges WHERE jobId = OLD.jobId)
BEGIN
  SELECT RAISE(ABORT, 'job_logs rows go only with their purged job');
END;
