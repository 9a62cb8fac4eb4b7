CREATE TABLE `batch_items` (
	`batchId` text NOT NULL,
	`jobId` text NOT NULL,
	`outcome` text,
	`status` text,
	`at` integer,
	PRIMARY KEY(`batchId`, `jobId`)
);
--> statement-breakpoint
CREATE INDEX `batch_items_pending` ON `batch_items` (`batchId`,`jobId`) WHERE outcome IS NULL;--> statement-breakpoint
CREATE INDEX `batch_items_outcome` ON `batch_items` (`batchId`,`outcome`,`jobId`);--> statement-breakpoint
CREATE TABLE `batches` (
	`id` text PRIMARY KEY NOT NULL,
	`actorId` text NOT NULL,
	`scope` text NOT NULL,
	`verb` text NOT NULL,
	`args` text DEFAULT '{}' NOT NULL,
	`filter` text,
	`retryOf` text,
	`state` text DEFAULT 'DRAFT' NOT NULL,
	`total` integer DEFAULT 0 NOT NULL,
	`preview` text DEFAULT '{}' NOT NULL,
	`done` integer DEFAULT 0 NOT NULL,
	`refused` integer DEFAULT 0 NOT NULL,
	`note` text,
	`stoppedBy` text,
	`address` text,
	`workerId` text,
	`leaseExpiresAt` integer,
	`createdAt` integer NOT NULL,
	`startedAt` integer,
	`endedAt` integer
);
--> statement-breakpoint
CREATE INDEX `batches_actor` ON `batches` (`actorId`,`createdAt`,`id`) WHERE state <> 'DRAFT';--> statement-breakpoint
CREATE INDEX `batches_all` ON `batches` (`createdAt`,`id`) WHERE state <> 'DRAFT';--> statement-breakpoint
CREATE INDEX `batches_running` ON `batches` (`startedAt`,`id`) WHERE state = 'RUNNING';--> statement-breakpoint
CREATE INDEX `batches_drafts` ON `batches` (`createdAt`) WHERE state = 'DRAFT';--> statement-breakpoint
CREATE TABLE `saved_views` (
	`id` text PRIMARY KEY NOT NULL,
	`ownerId` text NOT NULL,
	`name` text NOT NULL,
	`scope` text NOT NULL,
	`query` text NOT NULL,
	`shared` integer DEFAULT false NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `saved_views_name` ON `saved_views` (`ownerId`,`scope`,name COLLATE NOCASE);--> statement-breakpoint
CREATE INDEX `saved_views_shared` ON `saved_views` (`scope`,name COLLATE NOCASE) WHERE shared = 1;--> statement-breakpoint
CREATE TABLE `schedule_runs` (
	`scheduleId` text NOT NULL,
	`dueAt` integer NOT NULL,
	`outcome` text NOT NULL,
	`jobId` text,
	`note` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`scheduleId`, `dueAt`)
);
--> statement-breakpoint
CREATE TABLE `schedules` (
	`id` text PRIMARY KEY NOT NULL,
	`ownerId` text NOT NULL,
	`name` text NOT NULL,
	`templateId` text NOT NULL,
	`values` text DEFAULT '{}' NOT NULL,
	`cron` text NOT NULL,
	`timeZone` text NOT NULL,
	`catchUp` text DEFAULT 'latest' NOT NULL,
	`state` text DEFAULT 'ACTIVE' NOT NULL,
	`nextAt` integer,
	`lastAt` integer,
	`problem` text,
	`writeId` text DEFAULT '' NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	`deletedAt` integer
);
--> statement-breakpoint
CREATE INDEX `schedules_owner` ON `schedules` (`ownerId`,`createdAt`,`id`) WHERE deletedAt IS NULL;--> statement-breakpoint
CREATE INDEX `schedules_all` ON `schedules` (`createdAt`,`id`) WHERE deletedAt IS NULL;--> statement-breakpoint
CREATE INDEX `schedules_template` ON `schedules` (`templateId`) WHERE deletedAt IS NULL;--> statement-breakpoint
CREATE INDEX `schedules_due` ON `schedules` (`nextAt`,`id`) WHERE state = 'ACTIVE' AND deletedAt IS NULL;--> statement-breakpoint
CREATE TABLE `templates` (
	`id` text PRIMARY KEY NOT NULL,
	`ownerId` text NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`job` text NOT NULL,
	`variables` text DEFAULT '[]' NOT NULL,
	`shared` integer DEFAULT false NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	`deletedAt` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `templates_name` ON `templates` (`ownerId`,name COLLATE NOCASE) WHERE deletedAt IS NULL;--> statement-breakpoint
CREATE INDEX `templates_shared` ON `templates` (name COLLATE NOCASE,`id`) WHERE shared = 1 AND deletedAt IS NULL;--> statement-breakpoint
DROP INDEX `jobs_owner`;--> statement-breakpoint
DROP INDEX `jobs_all`;--> statement-breakpoint
ALTER TABLE `jobs` ADD `tags` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `jobs` ADD `metadata` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `jobs` ADD `templateId` text;--> statement-breakpoint
ALTER TABLE `jobs` ADD `scheduleId` text;--> statement-breakpoint
CREATE INDEX `jobs_owner_updated` ON `jobs` (`userId`,`updatedAt`,`no`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_owner_priority` ON `jobs` (`userId`,`priority`,`no`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_owner_name` ON `jobs` (`userId`,name COLLATE NOCASE,`no`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_all_updated` ON `jobs` (`updatedAt`,`no`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_all_priority` ON `jobs` (`priority`,`no`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_all_name` ON `jobs` (name COLLATE NOCASE,`no`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_owner` ON `jobs` (`userId`,`createdAt`,`id`,`status`,`assignedAgentId`,`priority`,`updatedAt`,`attemptCount`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_all` ON `jobs` (`createdAt`,`id`,`status`,`assignedAgentId`,`priority`,`updatedAt`,`attemptCount`) WHERE archivedAt IS NULL;