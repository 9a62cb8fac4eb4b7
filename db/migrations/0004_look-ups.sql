DROP INDEX `jobs_waiting_since`;--> statement-breakpoint
CREATE INDEX `jobs_all_agent_status` ON `jobs` (`assignedAgentId`,`status`,`createdAt`,`id`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_owner_agent` ON `jobs` (`userId`,`assignedAgentId`,`createdAt`,`id`) WHERE archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_failed` ON `jobs` (`closedAt`,`id`) WHERE status = 'FAILED' AND archivedAt IS NULL;--> statement-breakpoint
CREATE INDEX `jobs_line_since` ON `jobs` (`assignedAgentId`,CASE WHEN runAfter > updatedAt THEN runAfter ELSE updatedAt END,`id`) WHERE status IN ('PENDING', 'ASSIGNED');--> statement-breakpoint
CREATE INDEX `jobs_people_since` ON `jobs` (`status`,`updatedAt`,`id`) WHERE status IN ('IN_REVIEW', 'INPUT_REQUIRED');--> statement-breakpoint
CREATE INDEX `users_admins` ON `users` (`id`,`disabledAt`) WHERE role = 'ADMIN';