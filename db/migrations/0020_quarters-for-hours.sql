-- Jobs are counted by the quarter of an hour, which every time zone's hours and days begin with. What was counted by the
-- hour stands in its first quarter, and says that it stands for the whole hour.
INSERT INTO job_quarters (quarter, minutes, created, completed, failed, canceled)
  SELECT hour * 4, 60, created, completed, failed, canceled FROM job_hours;
--> statement-breakpoint
DROP TRIGGER job_hours_log;
--> statement-breakpoint
DROP TRIGGER job_hours_undo;
--> statement-breakpoint
DROP TABLE `job_hours`;
--> statement-breakpoint
CREATE TRIGGER job_quarters_log AFTER INSERT ON job_logs
WHEN NEW.kind IN ('create', 'cancel', 'complete', 'accept')
  OR (NEW.kind = 'submit' AND NEW.status = 'COMPLETED')
  OR (NEW.kind IN ('fail', 'expire', 'release') AND NEW.status = 'FAILED')
BEGIN
  INSERT INTO job_quarters (quarter, created, completed, failed, canceled)
    VALUES (NEW.createdAt / 900000, NEW.kind = 'create', NEW.status = 'COMPLETED', NEW.status = 'FAILED',
      NEW.status = 'CANCELED')
    ON CONFLICT (quarter) DO UPDATE SET created = created + excluded.created, completed = completed + excluded.completed,
      failed = failed + excluded.failed, canceled = canceled + excluded.canceled;
END;
--> statement-breakpoint
-- An undone cancel no longer counts, in the quarter in which it was made; in that of its hour, if it was counted by the hour.
CREATE TRIGGER job_quarters_undo AFTER INSERT ON job_logs
WHEN NEW.kind = 'undo'
BEGIN
  UPDATE job_quarters SET canceled = canceled - 1
    WHERE quarter = (SELECT q.quarter FROM job_quarters q
      WHERE q.canceled > 0 AND q.quarter <= (SELECT l.createdAt / 900000 FROM job_logs l
        WHERE l.jobId = NEW.jobId AND l.kind = 'cancel' AND l.version = NEW.version - 1
          AND l.kind NOT IN ('message', 'progress', 'usage', 'call', 'late')
        ORDER BY l.number DESC LIMIT 1)
      ORDER BY q.quarter DESC LIMIT 1);
END;
