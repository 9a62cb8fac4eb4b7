CREATE TABLE `recovery_codes` (
	`id` text PRIMARY KEY NOT NULL,
	`userId` text NOT NULL,
	`codeHash` text NOT NULL,
	`createdAt` integer NOT NULL,
	`usedAt` integer,
	FOREIGN KEY (`userId`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `recovery_codes_user` ON `recovery_codes` (`userId`,`codeHash`);--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `scopes` text;--> statement-breakpoint
ALTER TABLE `users` ADD `totpSecret` text;--> statement-breakpoint
ALTER TABLE `users` ADD `totpEnabledAt` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `totpLastStep` integer;