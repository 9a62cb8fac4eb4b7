-- What an attempt used is counted when it ends, and what is reported after that is added to the same hour.
CREATE TRIGGER agent_hours_late_usage AFTER UPDATE OF usage ON attempts
WHEN OLD.endedAt IS NOT NULL AND NEW.usage IS NOT OLD.usage
BEGIN
  INSERT INTO agent_hours (agentId, hour, inputTokens, outputTokens, costUsd)
    VALUES (NEW.agentId, NEW.endedAt / 3600000,
      coalesce(NEW.usage ->> 'inputTokens', 0) - coalesce(OLD.usage ->> 'inputTokens', 0),
      coalesce(NEW.usage ->> 'outputTokens', 0) - coalesce(OLD.usage ->> 'outputTokens', 0),
      coalesce(NEW.usage ->> 'costUsd', 0) - coalesce(OLD.usage ->> 'costUsd', 0))
    ON CONFLICT (agentId, hour) DO UPDATE SET inputTokens = inputTokens + excluded.inputTokens,
      outputTokens = outputTokens + excluded.outputTokens, costUsd = costUsd + excluded.costUsd;
END;
