-- What came of jobs and of agents' work, by the hour: overviews read these rows and never the history.
INSERT INTO job_hours (hour, created, completed, failed, canceled)
  SELECT createdAt / 3600000, sum(kind = 'create'),
    sum(status = 'COMPLETED' AND kind IN ('submit', 'accept', 'complete')),
    sum(status = 'FAILED' AND kind IN ('fail', 'expire', 'release')), sum(kind = 'cancel')
  FROM job_logs WHERE kind IN ('create', 'cancel', 'complete', 'accept')
    OR (kind = 'submit' AND status = 'COMPLETED')
    OR (kind IN ('fail', 'expire', 'release') AND status = 'FAILED')
  GROUP BY createdAt / 3600000;
--> statement-breakpoint
INSERT INTO agent_hours (agentId, hour, done, failed, inputTokens, outputTokens, costUsd)
  SELECT agentId, endedAt / 3600000, sum(outcome IN ('SUBMITTED', 'WAITING')), sum(outcome IN ('FAILED', 'EXPIRED')),
    coalesce(sum(usage ->> 'inputTokens'), 0), coalesce(sum(usage ->> 'outputTokens'), 0),
    coalesce(sum(usage ->> 'costUsd'), 0)
  FROM attempts WHERE endedAt IS NOT NULL GROUP BY agentId, endedAt / 3600000;
--> statement-breakpoint
INSERT INTO agent_hours (agentId, hour, accepted, sentBack)
  SELECT agentId, createdAt / 3600000, sum(kind = 'accept'), sum(kind = 'sendBack')
  FROM job_logs WHERE kind IN ('accept', 'sendBack') AND agentId IS NOT NULL
  GROUP BY agentId, createdAt / 3600000
  ON CONFLICT (agentId, hour) DO UPDATE SET accepted = excluded.accepted, sentBack = excluded.sentBack;
--> statement-breakpoint
CREATE TRIGGER job_hours_log AFTER INSERT ON job_logs
WHEN NEW.kind IN ('create', 'cancel', 'complete', 'accept')
  OR (NEW.kind = 'submit' AND NEW.status = 'COMPLETED')
  OR (NEW.kind IN ('fail', 'expire', 'release') AND NEW.status = 'FAILED')
BEGIN
  INSERT INTO job_hours (hour, created, completed, failed, canceled)
    VALUES (NEW.createdAt / 3600000, NEW.kind = 'create', NEW.status = 'COMPLETED', NEW.status = 'FAILED',
      NEW.status = 'CANCELED')
    ON CONFLICT (hour) DO UPDATE SET created = created + excluded.created, completed = completed + excluded.completed,
      failed = failed + excluded.failed, canceled = canceled + excluded.canceled;
END;
--> statement-breakpoint
CREATE TRIGGER agent_hours_attempt AFTER UPDATE OF endedAt ON attempts
WHEN OLD.endedAt IS NULL AND NEW.endedAt IS NOT NULL
BEGIN
  INSERT INTO agent_hours (agentId, hour, done, failed, inputTokens, outputTokens, costUsd)
    VALUES (NEW.agentId, NEW.endedAt / 3600000, NEW.outcome IN ('SUBMITTED', 'WAITING'),
      NEW.outcome IN ('FAILED', 'EXPIRED'), coalesce(NEW.usage ->> 'inputTokens', 0),
      coalesce(NEW.usage ->> 'outputTokens', 0), coalesce(NEW.usage ->> 'costUsd', 0))
    ON CONFLICT (agentId, hour) DO UPDATE SET done = done + excluded.done, failed = failed + excluded.failed,
      inputTokens = inputTokens + excluded.inputTokens, outputTokens = outputTokens + excluded.outputTokens,
      costUsd = costUsd + excluded.costUsd;
END;
--> statement-breakpoint
CREATE TRIGGER agent_hours_review AFTER INSERT ON job_logs
WHEN NEW.kind IN ('accept', 'sendBack') AND NEW.agentId IS NOT NULL
BEGIN
  INSERT INTO agent_hours (agentId, hour, accepted, sentBack)
    VALUES (NEW.agentId, NEW.createdAt / 3600000, NEW.kind = 'accept', NEW.kind = 'sendBack')
    ON CONFLICT (agentId, hour) DO UPDATE SET accepted = accepted + excluded.accepted,
      sentBack = sentBack + excluded.sentBack;
END;
