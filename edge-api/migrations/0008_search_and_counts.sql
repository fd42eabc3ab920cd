ALTER TABLE "users" ADD COLUMN "video_count" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "search_text" text;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "search_text" text;--> statement-breakpoint
CREATE INDEX "users_unfolded" ON "users" USING btree ("id") WHERE search_text IS NULL;--> statement-breakpoint
CREATE INDEX "videos_status_newest" ON "videos" USING btree ("status","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_owner_status" ON "videos" USING btree ("owner_id","status","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_unfolded" ON "videos" USING btree ("id") WHERE search_text IS NULL;--> statement-breakpoint
UPDATE "users" SET "video_count" = owned.count FROM (
  SELECT "owner_id", count(*)::integer AS count FROM "videos" WHERE "status" <> 'deleting' GROUP BY "owner_id"
) AS owned WHERE "users"."id" = owned."owner_id";--> statement-breakpoint
CREATE FUNCTION "count_videos"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE "users" SET "video_count" = "video_count" + owned.count FROM (
      SELECT "owner_id", count(*)::integer AS count FROM changed WHERE "status" <> 'deleting' GROUP BY "owner_id"
    ) AS owned WHERE "users"."id" = owned."owner_id";
  ELSE
    UPDATE "users" SET "video_count" = "video_count" - owned.count FROM (
      SELECT "owner_id", count(*)::integer AS count FROM changed WHERE "status" <> 'deleting' GROUP BY "owner_id"
    ) AS owned WHERE "users"."id" = owned."owner_id";
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "videos_made" AFTER INSERT ON "videos" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "count_videos"();--> statement-breakpoint
CREATE TRIGGER "videos_gone" AFTER DELETE ON "videos" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION "count_videos"();--> statement-breakpoint
-- By row: an update of a video is the most frequent statement, and only its end is counted.
CREATE FUNCTION "uncount_video"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "users" SET "video_count" = "video_count" - 1 WHERE "id" = OLD."owner_id";
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "videos_ended" AFTER UPDATE OF "status" ON "videos" FOR EACH ROW
  WHEN (OLD."status" <> 'deleting' AND NEW."status" = 'deleting') EXECUTE FUNCTION "uncount_video"();
