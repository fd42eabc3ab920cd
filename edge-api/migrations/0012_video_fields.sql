CREATE TABLE "video_tags" (
	"owner_id" text NOT NULL,
	"tag" text NOT NULL,
	"video_id" text NOT NULL,
	CONSTRAINT "video_tags_owner_id_tag_video_id_pk" PRIMARY KEY("owner_id","tag","video_id")
);
--> statement-breakpoint
DROP INDEX "videos_unfolded";--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "client" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "last_used_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "theme" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "profile" jsonb;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "description" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "tags" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "visibility" text DEFAULT 'private' NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "public_download" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "chapters" jsonb;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "origin" text DEFAULT 'upload' NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "title_key" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "undo_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "videos" ADD COLUMN "deleted_from" text;--> statement-breakpoint
ALTER TABLE "video_tags" ADD CONSTRAINT "video_tags_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "video_tags_tag" ON "video_tags" USING btree ("tag","video_id");--> statement-breakpoint
CREATE INDEX "video_tags_video" ON "video_tags" USING btree ("video_id");--> statement-breakpoint
CREATE INDEX "videos_owner_title" ON "videos" USING btree ("owner_id",title_key COLLATE "C","id");--> statement-breakpoint
CREATE INDEX "videos_title" ON "videos" USING btree (title_key COLLATE "C","id");--> statement-breakpoint
CREATE INDEX "videos_owner_longest" ON "videos" USING btree ("owner_id",coalesce(duration, -1) DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_longest" ON "videos" USING btree (coalesce(duration, -1) DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_owner_largest" ON "videos" USING btree ("owner_id","size" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_largest" ON "videos" USING btree ("size" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_public" ON "videos" USING btree ("owner_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE visibility = 'public';--> statement-breakpoint
CREATE INDEX "videos_undo" ON "videos" USING btree ("undo_until") WHERE undo_until IS NOT NULL;--> statement-breakpoint
CREATE INDEX "videos_unfolded" ON "videos" USING btree ("id") WHERE search_text IS NULL OR title_key = '';--> statement-breakpoint
CREATE FUNCTION "index_tags"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    DELETE FROM "video_tags" WHERE "video_id" = NEW."id";
  END IF;
  IF NEW."status" <> 'deleting' THEN
    INSERT INTO "video_tags" ("owner_id", "tag", "video_id")
      SELECT NEW."owner_id", tag, NEW."id" FROM jsonb_array_elements_text(NEW."tags") AS tag ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "videos_tagged" AFTER INSERT ON "videos" FOR EACH ROW
  WHEN (NEW."tags" <> '[]') EXECUTE FUNCTION "index_tags"();--> statement-breakpoint
CREATE TRIGGER "videos_retagged" AFTER UPDATE OF "tags", "status" ON "videos" FOR EACH ROW
  WHEN (OLD."tags" <> NEW."tags" OR (NEW."tags" <> '[]' AND (OLD."status" = 'deleting') <> (NEW."status" = 'deleting')))
  EXECUTE FUNCTION "index_tags"();--> statement-breakpoint
CREATE FUNCTION "recount_video"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "users" SET "video_count" = "video_count" + 1 WHERE "id" = NEW."owner_id";
  RETURN NULL;
END $$;--> statement-breakpoint
CREATE TRIGGER "videos_restored" AFTER UPDATE OF "status" ON "videos" FOR EACH ROW
  WHEN (OLD."status" = 'deleting' AND NEW."status" <> 'deleting') EXECUTE FUNCTION "recount_video"();
