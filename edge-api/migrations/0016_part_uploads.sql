CREATE TABLE "part_uploads" (
	"video_id" text PRIMARY KEY NOT NULL,
	"looked_at" timestamp with time zone,
	"claimed_until" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"urls_until" timestamp with time zone,
	"swept_at" timestamp with time zone,
	"seen_empty" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "upload_parts" (
	"video_id" text NOT NULL,
	"number" integer NOT NULL,
	"size" bigint NOT NULL,
	"etag" text NOT NULL,
	"pinned_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "upload_parts_video_id_number_pk" PRIMARY KEY("video_id","number")
);
--> statement-breakpoint
ALTER TABLE "part_uploads" ADD CONSTRAINT "part_uploads_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upload_parts" ADD CONSTRAINT "upload_parts_video_id_part_uploads_video_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."part_uploads"("video_id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "part_uploads_ended" ON "part_uploads" USING btree ("urls_until") WHERE urls_until IS NOT NULL;