ALTER TABLE "tasks" ADD COLUMN "first_frame" integer;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "frames" integer;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "done_frames" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "playable_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "tasks_released" ON "tasks" USING btree ("video_id","generation","kind","index") WHERE state IN ('queued', 'running');--> statement-breakpoint
UPDATE "tasks" SET "first_frame" = (chunk ->> 'firstFrame')::integer, "frames" = (chunk ->> 'frames')::integer
FROM "videos", jsonb_array_elements("videos"."plan" -> 'chunks') AS chunk
WHERE "tasks"."video_id" = "videos"."id" AND "tasks"."generation" = "videos"."generation" AND "tasks"."kind" = 'encode'
  AND "tasks"."index" = (chunk ->> 'index')::integer;--> statement-breakpoint
UPDATE "videos" SET
  "done_frames" = (
    SELECT coalesce(sum(coalesce("frames", greatest(0, ("plan" #>> '{grid,totalFrames}')::bigint - "first_frame"))), 0) FROM "tasks"
    WHERE "video_id" = "videos"."id" AND "tasks"."generation" = "videos"."generation" AND "kind" = 'encode' AND "state" = 'succeeded'),
  "playable_at" = CASE WHEN EXISTS (
      SELECT 1 FROM "tasks" WHERE "video_id" = "videos"."id" AND "tasks"."generation" = "videos"."generation"
        AND "kind" = 'encode' AND "index" = 0 AND "state" = 'succeeded'
    ) AND NOT EXISTS (
      SELECT 1 FROM "tasks" WHERE "video_id" = "videos"."id" AND "tasks"."generation" = "videos"."generation"
        AND "kind" = 'audio' AND "state" <> 'succeeded' AND NOT EXISTS (
          SELECT 1 FROM "media_objects" AS piece WHERE piece."video_id" = "videos"."id"
            AND piece."generation" = "videos"."generation" AND piece."rendition" = 'audio-' || "tasks"."index" AND piece."index" = 0)
    ) THEN now() END
WHERE "status" = 'processing' AND "plan" IS NOT NULL;--> statement-breakpoint
-- A Worker of the release before, which may run on for a moment after this, still writes chunks into plans.
CREATE FUNCTION "chunks_of_plan"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "tasks" SET "first_frame" = (chunk ->> 'firstFrame')::integer, "frames" = (chunk ->> 'frames')::integer
  FROM jsonb_array_elements(NEW."plan" -> 'chunks') AS chunk
  WHERE "tasks"."video_id" = NEW."id" AND "tasks"."generation" = NEW."generation" AND "tasks"."kind" = 'encode'
    AND "tasks"."index" = (chunk ->> 'index')::integer;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "videos_chunks" AFTER UPDATE OF "plan" ON "videos" FOR EACH ROW
  WHEN (NEW."plan" ? 'chunks') EXECUTE FUNCTION "chunks_of_plan"();
