CREATE TABLE `user_settings` (
	`userId` text PRIMARY KEY NOT NULL,
	`theme` text NOT NULL,
	`density` text NOT NULL,
	`timeZone` text NOT NULL,
	`notifications` text NOT NULL,
	`shortcuts` integer NOT NULL,
	`updatedAt` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `job_logs_turns` ON `job_logs` (`jobId`,`number`) WHERE kind NOT IN ('message', 'progress', 'usage', 'call', 'late');