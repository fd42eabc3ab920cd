CREATE TABLE "duties" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"until" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"xact" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"video_id" text NOT NULL,
	"owner_id" text NOT NULL,
	"seq" bigint NOT NULL,
	"type" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "seq" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "events_order" ON "events" USING btree ("xact","id");--> statement-breakpoint
CREATE INDEX "events_video" ON "events" USING btree ("video_id","id");--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING btree ("at");--> statement-breakpoint
CREATE FUNCTION "next_seq"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.seq := OLD.seq + 1;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER "videos_seq" BEFORE UPDATE ON "videos" FOR EACH ROW EXECUTE FUNCTION "next_seq"();
