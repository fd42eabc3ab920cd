ALTER TABLE "part_uploads" ADD COLUMN "arrived" "int4multirange" DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "part_uploads" ADD COLUMN "dropped_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "needs" "int4multirange";--> statement-breakpoint
UPDATE "part_uploads" SET "arrived" = coalesce((
  SELECT range_agg(int4range("number", "number", '[]')) FROM "upload_parts" WHERE "upload_parts"."video_id" = "part_uploads"."video_id"
), '{}');
