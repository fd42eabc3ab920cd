ALTER TABLE "videos" ADD COLUMN "notes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "loudness" jsonb DEFAULT '{}'::jsonb NOT NULL;