CREATE TABLE `agent_hours` (
	`agentId` text NOT NULL,
	`hour` integer NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`inputTokens` integer DEFAULT 0 NOT NULL,
	`outputTokens` integer DEFAULT 0 NOT NULL,
	`costUsd` real DEFAULT 0 NOT NULL,
	`accepted` integer DEFAULT 0 NOT NULL,
	`sentBack` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`agentId`, `hour`)
);
--> statement-breakpoint
CREATE TABLE `job_hours` (
	`hour` integer PRIMARY KEY NOT NULL,
	`created` integer DEFAULT 0 NOT NULL,
	`completed` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`canceled` integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
ALTER TABLE `agents` ADD `successorId` text REFERENCES agents(id);--> statement-breakpoint
ALTER TABLE `one_time_links` ADD `email` text;--> statement-breakpoint
ALTER TABLE `one_time_links` ADD `role` text;--> statement-breakpoint
CREATE INDEX `one_time_links_invites` ON `one_time_links` (`createdAt`,`id`) WHERE purpose = 'invite';--> statement-breakpoint
CREATE INDEX `attempts_agent_ended` ON `attempts` (`agentId`,`endedAt`,`outcome`,`startedAt`) WHERE endedAt IS NOT NULL;--> statement-breakpoint
CREATE INDEX `audit_action` ON `audit` (`action`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_actor` ON `audit` (`actorId`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_actor_action` ON `audit` (`actorId`,`action`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_subject` ON `audit` (`subjectId`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_all_agent` ON `jobs` (`assignedAgentId`,`createdAt`,`id`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_waiting_since` ON `jobs` (CASE WHEN runAfter > updatedAt THEN runAfter ELSE updatedAt END,`id`) WHERE status IN ('PENDING', 'ASSIGNED');