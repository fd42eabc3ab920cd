CREATE TABLE "audience_days" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "audience_days_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"video_id" text NOT NULL,
	"scope" text DEFAULT '' NOT NULL,
	"day" date NOT NULL,
	"views" integer NOT NULL,
	"viewers" integer NOT NULL,
	"watched_ms" bigint NOT NULL,
	"stall_ms" bigint NOT NULL,
	"ended" integer NOT NULL,
	"counts" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audience_salts" (
	"day" date PRIMARY KEY NOT NULL,
	"salt" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "visits" (
	"video_id" text NOT NULL,
	"scope" text DEFAULT '' NOT NULL,
	"session" text NOT NULL,
	"day" date NOT NULL,
	"viewer" text,
	"device" text NOT NULL,
	"place" text,
	"began_at" timestamp with time zone DEFAULT now() NOT NULL,
	"watched_ms" integer NOT NULL,
	"last_ms" integer NOT NULL,
	"startup_ms" integer,
	"stall_ms" integer DEFAULT 0 NOT NULL,
	"ended" boolean DEFAULT false NOT NULL,
	"steps" "int4multirange" DEFAULT '{}' NOT NULL,
	CONSTRAINT "visits_video_id_scope_session_pk" PRIMARY KEY("video_id","scope","session")
);
--> statement-breakpoint
ALTER TABLE "audience_days" ADD CONSTRAINT "audience_days_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visits" ADD CONSTRAINT "visits_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audience_days_video" ON "audience_days" USING btree ("video_id","scope","day");--> statement-breakpoint
CREATE INDEX "audience_days_day" ON "audience_days" USING btree ("day");--> statement-breakpoint
CREATE INDEX "visits_day" ON "visits" USING btree ("day","video_id","viewer");--> statement-breakpoint
-- A salt that is thrown away must not be found in archived logs. A crash of the database empties the table: the rest of that
-- day has another salt.
ALTER TABLE "audience_salts" SET UNLOGGED;--> statement-breakpoint
-- Each row is rewritten every half minute while its visit lasts, and no column of an index changes.
ALTER TABLE "visits" SET (fillfactor = 70);
