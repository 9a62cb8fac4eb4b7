CREATE TABLE `imports` (
	`batchId` text PRIMARY KEY NOT NULL,
	`templateId` text NOT NULL,
	`templateName` text NOT NULL,
	`fileName` text,
	`first` text DEFAULT '[]' NOT NULL,
	`template` text
);
--> statement-breakpoint
CREATE INDEX `imports_kept` ON `imports` (`batchId`) WHERE template IS NOT NULL;--> statement-breakpoint
ALTER TABLE `batch_items` ADD `row` integer;--> statement-breakpoint
ALTER TABLE `batch_items` ADD `cells` text;--> statement-breakpoint
ALTER TABLE `batch_items` ADD `errors` text;