DROP INDEX "videos_queue";--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "counted_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
CREATE INDEX "attempts_window" ON "attempts" USING btree ("window_start");--> statement-breakpoint
CREATE INDEX "outbox_sent" ON "outbox" USING btree ("sent_at") WHERE sent_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "sessions_expire" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "sessions_ended" ON "sessions" USING btree ("ended_at") WHERE ended_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX "users_counted" ON "users" USING btree ("counted_at");--> statement-breakpoint
CREATE INDEX "videos_processing" ON "videos" USING btree ("queued_at") WHERE status = 'processing';--> statement-breakpoint
CREATE INDEX "videos_captions_to_come" ON "videos" USING btree ("id") WHERE captions @> '[{"etag": ""}]';--> statement-breakpoint
CREATE INDEX "videos_queue" ON "videos" USING btree ("queued_at","id") WHERE status = 'queued';