-- Schedules whose last job to end failed before this was kept.
UPDATE schedules SET failedJobId = (
  SELECT CASE WHEN j.status = 'FAILED' AND j.archivedAt IS NULL THEN j.id END
  FROM schedule_runs r JOIN jobs j ON j.id = r.jobId
  WHERE r.scheduleId = schedules.id AND j.status IN ('COMPLETED', 'FAILED')
  ORDER BY r.dueAt DESC LIMIT 1)
WHERE deletedAt IS NULL;
--> statement-breakpoint
-- A schedule names its newest failed job until a newer one, or that one, is completed, reopened, archived or purged.
CREATE TRIGGER schedules_job_ended AFTER UPDATE OF status, archivedAt ON jobs
WHEN NEW.scheduleId IS NOT NULL AND (NEW.status = 'COMPLETED' OR OLD.status = 'FAILED' OR NEW.status = 'FAILED')
  AND (NEW.status <> OLD.status OR NEW.archivedAt IS NOT OLD.archivedAt)
BEGIN
  UPDATE schedules SET failedJobId = CASE WHEN NEW.status = 'FAILED' AND NEW.archivedAt IS NULL THEN NEW.id END
    WHERE id = NEW.scheduleId AND CASE
      WHEN NEW.status = 'FAILED' AND NEW.archivedAt IS NULL THEN coalesce(failedJobId, '') < NEW.id
      WHEN NEW.status = 'COMPLETED' THEN failedJobId <= NEW.id
      ELSE failedJobId = NEW.id END;
END;
--> statement-breakpoint
CREATE TRIGGER schedules_job_purged AFTER DELETE ON jobs
WHEN OLD.scheduleId IS NOT NULL AND OLD.status = 'FAILED'
BEGIN
  UPDATE schedules SET failedJobId = NULL WHERE id = OLD.scheduleId AND failedJobId = OLD.id;
END;
