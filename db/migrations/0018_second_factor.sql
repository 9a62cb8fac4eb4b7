CREATE TABLE `recovery_codes` (
	`userId` text NOT NULL,
	`codeHash` text NOT NULL,
	PRIMARY KEY(`userId`, `codeHash`),
	FOREIGN KEY (`userId`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
ALTER TABLE `users` ADD `totpSecret` text;--> statement-breakpoint
ALTER TABLE `users` ADD `totpEnabledAt` integer;--> statement-breakpoint
ALTER TABLE `users` ADD `totpLastStep` integer;