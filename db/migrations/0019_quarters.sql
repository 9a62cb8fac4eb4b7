CREATE TABLE `job_quarters` (
	`quarter` integer PRIMARY KEY NOT NULL,
	`minutes` integer DEFAULT 15 NOT NULL,
	`created` integer DEFAULT 0 NOT NULL,
	`completed` integer DEFAULT 0 NOT NULL,
	`failed` integer DEFAULT 0 NOT NULL,
	`canceled` integer DEFAULT 0 NOT NULL
);
