CREATE TABLE `job_purges` (
	`jobId` text PRIMARY KEY NOT NULL,
	`writeId` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `retention` (
	`id` integer PRIMARY KEY NOT NULL,
	`archiveAfterDays` integer,
	`purgeAfterDays` integer,
	`version` integer DEFAULT 1 NOT NULL,
	`updatedAt` integer,
	`workerId` text,
	`leaseExpiresAt` integer,
	`startedAt` integer,
	`archived` integer DEFAULT 0 NOT NULL,
	`purged` integer DEFAULT 0 NOT NULL,
	`endedAt` integer,
	`lastArchived` integer DEFAULT 0 NOT NULL,
	`lastPurged` integer DEFAULT 0 NOT NULL,
	`wordsLeftAt` integer
);
