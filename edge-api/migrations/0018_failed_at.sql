DROP INDEX "videos_failed";--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "failed_at" timestamp with time zone;--> statement-breakpoint
UPDATE "videos" SET "failed_at" = "updated_at" WHERE status = 'failed' OR deleted_from = 'failed';--> statement-breakpoint
CREATE INDEX "videos_last_failed" ON "videos" USING btree (coalesce(failed_at, created_at) DESC NULLS LAST,"id" DESC NULLS LAST,"error_code") WHERE status = 'failed';