CREATE TABLE "imports" (
	"video_id" text PRIMARY KEY NOT NULL,
	"address_sealed" text,
	"received" bigint DEFAULT 0 NOT NULL,
	"furthest" bigint DEFAULT 0 NOT NULL,
	"size" bigint,
	"validator" jsonb,
	"failures" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lease" text,
	"leased_until" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"reported_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "imports_due" ON "imports" USING btree ("due_at") WHERE address_sealed IS NOT NULL;--> statement-breakpoint
CREATE INDEX "imports_leased" ON "imports" USING btree ("leased_until") WHERE lease IS NOT NULL;