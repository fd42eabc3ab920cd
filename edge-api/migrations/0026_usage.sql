CREATE TABLE "usage_days" (
	"owner_id" text NOT NULL,
	"day" date NOT NULL,
	"source_bytes" bigint,
	"rendition_bytes" bigint,
	"encoded_seconds" double precision DEFAULT 0 NOT NULL,
	"watched_seconds" double precision DEFAULT 0 NOT NULL,
	CONSTRAINT "usage_days_owner_id_day_pk" PRIMARY KEY("owner_id","day")
);
--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "source_bytes" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "used_on" date DEFAULT (now() AT TIME ZONE 'UTC')::date NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "source_bytes" bigint;--> statement-breakpoint
ALTER TABLE "usage_days" ADD CONSTRAINT "usage_days_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
UPDATE "users" SET "source_bytes" = owned.bytes FROM (
  SELECT "owner_id", sum("size") AS bytes FROM "videos"
  WHERE "ticket_expires_at" IS NULL AND "stored_bytes" >= "size" AND ("status" <> 'deleting' OR "undo_until" IS NOT NULL)
  GROUP BY "owner_id") AS owned
WHERE "users"."id" = owned."owner_id";--> statement-breakpoint
-- What was stored on earlier days is not known: of that, what is stored still.
INSERT INTO "usage_days" ("owner_id", "day", "source_bytes", "rendition_bytes")
SELECT "owner_id", "day", sum("source") OVER (PARTITION BY "owner_id" ORDER BY "day"), sum("made") OVER (PARTITION BY "owner_id" ORDER BY "day")
FROM (SELECT "owner_id", ("created_at" AT TIME ZONE 'UTC')::date AS "day", sum("size") AS "source", sum("stored_bytes" - "size") AS "made"
  FROM "videos" WHERE "ticket_expires_at" IS NULL AND "stored_bytes" >= "size" AND "status" <> 'deleting'
  GROUP BY "owner_id", ("created_at" AT TIME ZONE 'UTC')::date) AS added;--> statement-breakpoint
INSERT INTO "usage_days" ("owner_id", "day", "encoded_seconds")
SELECT "owner_id", ("completed_at" AT TIME ZONE 'UTC')::date, sum(coalesce("duration", 0)) FROM "videos"
WHERE "status" = 'completed' AND "completed_at" IS NOT NULL GROUP BY "owner_id", ("completed_at" AT TIME ZONE 'UTC')::date
ON CONFLICT ("owner_id", "day") DO UPDATE SET "encoded_seconds" = excluded."encoded_seconds";--> statement-breakpoint
INSERT INTO "usage_days" ("owner_id", "day", "watched_seconds")
SELECT "owner_id", "plays"."day", sum("watch_seconds") FROM "plays" JOIN "videos" ON "videos"."id" = "plays"."video_id"
GROUP BY "owner_id", "plays"."day"
ON CONFLICT ("owner_id", "day") DO UPDATE SET "watched_seconds" = excluded."watched_seconds";--> statement-breakpoint
-- Before the first change of a day: keeps what was stored since the last one. An account that nothing changes on a day
-- has no row of it.
CREATE FUNCTION "keep_usage"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "usage_days" ("owner_id", "day", "source_bytes", "rendition_bytes")
    VALUES (OLD."id", OLD."used_on", OLD."source_bytes", OLD."used_bytes" - OLD."source_bytes")
    ON CONFLICT ("owner_id", "day") DO UPDATE SET "source_bytes" = excluded."source_bytes", "rendition_bytes" = excluded."rendition_bytes";
  NEW."used_on" := (now() AT TIME ZONE 'UTC')::date;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "users_usage" BEFORE UPDATE OF "used_bytes", "source_bytes" ON "users" FOR EACH ROW
  WHEN (OLD."used_on" < (now() AT TIME ZONE 'UTC')::date) EXECUTE FUNCTION "keep_usage"();
