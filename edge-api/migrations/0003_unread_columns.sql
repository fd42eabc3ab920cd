ALTER TABLE "tasks" DROP COLUMN "result_hash";--> statement-breakpoint
ALTER TABLE "videos" DROP COLUMN "content_type";