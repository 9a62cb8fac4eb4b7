CREATE INDEX `jobs_all_agent_status` ON `jobs` (`assignedAgentId`,`status`,`createdAt`,`id`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_owner_agent` ON `jobs` (`userId`,`assignedAgentId`,`createdAt`,`id`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_failed` ON `jobs` (`closedAt`,`id`) WHERE status = 'FAILED' AND archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `users_admins` ON `users` (`id`,`disabledAt`) WHERE role = 'ADMIN';