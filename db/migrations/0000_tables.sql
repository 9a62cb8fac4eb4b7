CREATE TABLE `agents` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`kind` text NOT NULL,
	`config` text DEFAULT '{}' NOT NULL,
	`state` text DEFAULT 'ACTIVE' NOT NULL,
	`concurrency` integer DEFAULT 1 NOT NULL,
	`takesUnassigned` integer DEFAULT false NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`lastSeenAt` integer,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	CONSTRAINT "agents_concurrency" CHECK("agents"."concurrency" BETWEEN 1 AND 100)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `agents_name_unique` ON `agents` (`name`);--> statement-breakpoint
CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`tokenHash` text NOT NULL,
	`userId` text NOT NULL,
	`name` text NOT NULL,
	`hint` text NOT NULL,
	`createdAt` integer NOT NULL,
	`expiresAt` integer NOT NULL,
	`lastUsedAt` integer,
	`revokedAt` integer,
	FOREIGN KEY (`userId`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_tokenHash_unique` ON `api_tokens` (`tokenHash`);--> statement-breakpoint
CREATE INDEX `api_tokens_user` ON `api_tokens` (`userId`,`createdAt`);--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`jobId` text NOT NULL,
	`number` integer NOT NULL,
	`agentId` text NOT NULL,
	`workerId` text NOT NULL,
	`leaseToken` text NOT NULL,
	`leaseExpiresAt` integer NOT NULL,
	`outcome` text DEFAULT 'RUNNING' NOT NULL,
	`result` text,
	`error` text,
	`question` text,
	`answer` text,
	`feedback` text,
	`usage` text,
	`startedAt` integer NOT NULL,
	`endedAt` integer,
	`lateAt` integer,
	FOREIGN KEY (`jobId`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`agentId`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_number` ON `attempts` (`jobId`,`number`);--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_one_live` ON `attempts` (`jobId`) WHERE endedAt IS NULL;--> statement-breakpoint
CREATE INDEX `attempts_agent_live` ON `attempts` (`agentId`) WHERE endedAt IS NULL;--> statement-breakpoint
CREATE INDEX `attempts_lease` ON `attempts` (`leaseExpiresAt`) WHERE endedAt IS NULL;--> statement-breakpoint
CREATE TABLE `audit` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`actorKind` text NOT NULL,
	`actorId` text,
	`action` text NOT NULL,
	`subjectKind` text,
	`subjectId` text,
	`detail` text,
	`address` text
);
--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`,`id`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`userId` text NOT NULL,
	`route` text NOT NULL,
	`key` text NOT NULL,
	`bodyHash` text NOT NULL,
	`status` integer NOT NULL,
	`body` text NOT NULL,
	`subjectId` text NOT NULL,
	`createdAt` integer NOT NULL,
	PRIMARY KEY(`userId`, `route`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_age` ON `idempotency_keys` (`createdAt`);--> statement-breakpoint
CREATE TABLE `job_counts` (
	`ownerId` text NOT NULL,
	`status` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`ownerId`, `status`)
);
--> statement-breakpoint
CREATE TABLE `job_logs` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`jobId` text NOT NULL,
	`ownerId` text NOT NULL,
	`number` integer NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`message` text,
	`requestPayload` text,
	`responsePayload` text,
	`actorKind` text NOT NULL,
	`actorId` text,
	`agentId` text,
	`attempt` integer,
	`assignedAgentId` text,
	`version` integer NOT NULL,
	`failures` integer NOT NULL,
	`runAfter` integer,
	`createdAt` integer NOT NULL,
	FOREIGN KEY (`jobId`) REFERENCES `jobs`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`agentId`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `job_logs_id_unique` ON `job_logs` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `job_logs_number` ON `job_logs` (`jobId`,`number`);--> statement-breakpoint
CREATE INDEX `job_logs_owner` ON `job_logs` (`ownerId`,`seq`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`no` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`userId` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`acceptanceCriteria` text NOT NULL,
	`status` text NOT NULL,
	`result` text,
	`priority` integer DEFAULT 0 NOT NULL,
	`runAfter` integer,
	`maxAttempts` integer DEFAULT 3 NOT NULL,
	`timeoutSeconds` integer,
	`review` text DEFAULT 'required' NOT NULL,
	`assignedAgentId` text,
	`failures` integer DEFAULT 0 NOT NULL,
	`attemptCount` integer DEFAULT 0 NOT NULL,
	`version` integer DEFAULT 1 NOT NULL,
	`writeId` text NOT NULL,
	`completedByAdmin` integer DEFAULT false NOT NULL,
	`archivedAt` integer,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL,
	`closedAt` integer,
	FOREIGN KEY (`userId`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`assignedAgentId`) REFERENCES `agents`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "jobs_priority" CHECK("jobs"."priority" BETWEEN 0 AND 9)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_id_unique` ON `jobs` (`id`);--> statement-breakpoint
CREATE INDEX `jobs_owner` ON `jobs` (`userId`,`createdAt`,`id`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_owner_status` ON `jobs` (`userId`,`status`,`createdAt`,`id`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_all` ON `jobs` (`createdAt`,`id`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_all_status` ON `jobs` (`status`,`createdAt`,`id`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_unassigned_queue` ON `jobs` (priority DESC,`no`,`runAfter`,`assignedAgentId`,`id`) WHERE status = 'PENDING';--> statement-breakpoint
CREATE INDEX `jobs_agent_queue` ON `jobs` (`assignedAgentId`,priority DESC,`no`,`runAfter`,`id`) WHERE status = 'ASSIGNED';--> statement-breakpoint
CREATE TABLE `one_time_links` (
	`id` text PRIMARY KEY NOT NULL,
	`tokenHash` text NOT NULL,
	`purpose` text NOT NULL,
	`userId` text,
	`createdAt` integer NOT NULL,
	`expiresAt` integer NOT NULL,
	`usedAt` integer,
	FOREIGN KEY (`userId`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `one_time_links_tokenHash_unique` ON `one_time_links` (`tokenHash`);--> statement-breakpoint
CREATE INDEX `one_time_links_user` ON `one_time_links` (`userId`);--> statement-breakpoint
CREATE INDEX `one_time_links_expiry` ON `one_time_links` (`expiresAt`);--> statement-breakpoint
CREATE TABLE `probes` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`tokenHash` text NOT NULL,
	`userId` text NOT NULL,
	`createdAt` integer NOT NULL,
	`lastSeenAt` integer NOT NULL,
	`expiresAt` integer NOT NULL,
	`address` text,
	`userAgent` text,
	FOREIGN KEY (`userId`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_tokenHash_unique` ON `sessions` (`tokenHash`);--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`userId`);--> statement-breakpoint
CREATE INDEX `sessions_expiry` ON `sessions` (`expiresAt`);--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`passwordHash` text NOT NULL,
	`role` text DEFAULT 'USER' NOT NULL,
	`disabledAt` integer,
	`createdAt` integer NOT NULL,
	`updatedAt` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_email_unique` ON `users` (`email`);