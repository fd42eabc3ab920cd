ALTER TABLE "videos" ADD COLUMN "poster_change" jsonb;--> statement-breakpoint
CREATE INDEX "videos_posters_to_come" ON "videos" USING btree ("id") WHERE poster_change ->> 'state' = 'uploading';