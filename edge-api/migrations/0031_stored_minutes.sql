-- First: what is written meanwhile waits, and is counted by the triggers.
LOCK TABLE "videos" IN SHARE ROW EXCLUSIVE MODE;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "video_milliseconds" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "users_disabled" ON "users" USING btree ("disabled_at") WHERE disabled_at IS NOT NULL;--> statement-breakpoint
UPDATE "users" SET "video_milliseconds" = owned.sum FROM (
  SELECT "owner_id", sum(round(("duration" * 1000)::numeric)::bigint) AS sum FROM "videos"
  WHERE "status" <> 'deleting' AND "duration" IS NOT NULL GROUP BY "owner_id"
) AS owned WHERE "users"."id" = owned."owner_id";--> statement-breakpoint
CREATE FUNCTION "milliseconds_of"("seconds" double precision) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(round(("seconds" * 1000)::numeric)::bigint, 0)
$$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "count_videos"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE "users" SET "video_count" = "video_count" + owned.count, "video_milliseconds" = "video_milliseconds" + owned.length FROM (
      SELECT "owner_id", count(*)::integer AS count, sum(milliseconds_of("duration"))::bigint AS length
      FROM changed WHERE "status" <> 'deleting' GROUP BY "owner_id"
    ) AS owned WHERE "users"."id" = owned."owner_id";
  ELSE
    UPDATE "users" SET "video_count" = "video_count" - owned.count, "video_milliseconds" = "video_milliseconds" - owned.length FROM (
      SELECT "owner_id", count(*)::integer AS count, sum(milliseconds_of("duration"))::bigint AS length
      FROM changed WHERE "status" <> 'deleting' GROUP BY "owner_id"
    ) AS owned WHERE "users"."id" = owned."owner_id";
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "uncount_video"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "users" SET "video_count" = "video_count" - 1, "video_milliseconds" = "video_milliseconds" - milliseconds_of(OLD."duration")
    WHERE "id" = OLD."owner_id";
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE OR REPLACE FUNCTION "recount_video"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "users" SET "video_count" = "video_count" + 1, "video_milliseconds" = "video_milliseconds" + milliseconds_of(NEW."duration")
    WHERE "id" = NEW."owner_id";
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE FUNCTION "remeasure_video"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "users" SET "video_milliseconds" = "video_milliseconds" + milliseconds_of(NEW."duration") - milliseconds_of(OLD."duration")
    WHERE "id" = NEW."owner_id";
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "videos_remeasured" AFTER UPDATE OF "duration" ON "videos" FOR EACH ROW
  WHEN (OLD."duration" IS DISTINCT FROM NEW."duration" AND OLD."status" <> 'deleting' AND NEW."status" <> 'deleting')
  EXECUTE FUNCTION "remeasure_video"();
