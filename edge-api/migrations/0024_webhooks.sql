CREATE TABLE "webhook_deliveries" (
	"id" text PRIMARY KEY NOT NULL,
	"webhook_id" text NOT NULL,
	"event_id" text NOT NULL,
	"status" text DEFAULT 'waiting' NOT NULL,
	"tries" integer DEFAULT 0 NOT NULL,
	"attempts" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"next_attempt_at" timestamp with time zone DEFAULT now() NOT NULL,
	"handed_until" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"lease" text,
	"leased_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_events" (
	"id" text PRIMARY KEY NOT NULL,
	"type" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"video_id" text,
	"video" jsonb,
	"body" text
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"url" text NOT NULL,
	"events" jsonb,
	"description" text DEFAULT '' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"disabled_reason" text,
	"secret_sealed" text NOT NULL,
	"old_secret_sealed" text,
	"old_secret_until" timestamp with time zone,
	"failing_since" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_event_id_webhook_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."webhook_events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_attempt_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_waiting" ON "webhook_deliveries" USING btree ("webhook_id","next_attempt_at") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_newest" ON "webhook_deliveries" USING btree ("webhook_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "webhook_deliveries_event" ON "webhook_deliveries" USING btree ("event_id");--> statement-breakpoint
CREATE INDEX "webhook_events_at" ON "webhook_events" USING btree ("at");--> statement-breakpoint
CREATE INDEX "webhook_events_video" ON "webhook_events" USING btree ("video_id","type");--> statement-breakpoint
CREATE INDEX "webhooks_owner" ON "webhooks" USING btree ("owner_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
-- Runs after the statement that writes the event, so it sees the video as that statement leaves it. A deletion that
-- can be undone is told when it is final, and not at all where it is undone before.
CREATE FUNCTION "write_deliveries"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  told text := 'evt_' || replace(gen_random_uuid()::text, '-', '');
BEGIN
  IF NEW."type" = 'video.restored' THEN
    DELETE FROM "webhook_events" WHERE "video_id" = NEW."video_id" AND "type" = 'video.deleted' AND NOT EXISTS (
      SELECT 1 FROM "webhook_deliveries" WHERE "event_id" = "webhook_events"."id" AND "leased_at" IS NOT NULL);
    RETURN NULL;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM "webhooks" WHERE "owner_id" = NEW."owner_id" AND "enabled"
      AND ("events" IS NULL OR "events" ? NEW."type")) THEN
    RETURN NULL;
  END IF;
  INSERT INTO "webhook_events" ("id", "type", "at", "video_id", "video")
    SELECT told, NEW."type", NEW."at", NEW."video_id", to_jsonb("videos") - 'search_text' FROM "videos" WHERE "id" = NEW."video_id";
  INSERT INTO "webhook_deliveries" ("id", "webhook_id", "event_id", "next_attempt_at")
    SELECT 'dlv_' || replace(gen_random_uuid()::text, '-', ''), "webhooks"."id", told, greatest(now(), "videos"."undo_until")
    FROM "webhooks", "videos" WHERE "videos"."id" = NEW."video_id" AND "webhooks"."owner_id" = NEW."owner_id"
      AND "enabled" AND ("events" IS NULL OR "events" ? NEW."type");
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "events_deliveries" AFTER INSERT ON "events" FOR EACH ROW
  WHEN (NEW."type" IN ('video.created', 'video.uploaded', 'video.playable', 'video.completed', 'video.failed',
    'video.updated', 'video.deleted', 'video.restored', 'upload.expired'))
  EXECUTE FUNCTION "write_deliveries"();
