ALTER TABLE "videos" ADD COLUMN "external_id" text;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "metadata" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "videos_external_id" ON "videos" USING btree ("external_id","owner_id") WHERE external_id IS NOT NULL AND status <> 'deleting';