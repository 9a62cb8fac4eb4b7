-- An undone cancel no longer counts, in the hour in which it was made.
CREATE TRIGGER job_hours_undo AFTER INSERT ON job_logs
WHEN NEW.kind = 'undo'
BEGIN
  UPDATE job_hours SET canceled = canceled - 1
    WHERE hour = (SELECT l.createdAt / 3600000 FROM job_logs l
      WHERE l.jobId = NEW.jobId AND l.kind = 'cancel' AND l.version = NEW.version - 1
        AND l.kind NOT IN ('message', 'progress', 'usage', 'call', 'late')
      ORDER BY l.number DESC LIMIT 1);
END;
