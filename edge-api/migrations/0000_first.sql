CREATE TABLE "attempts" (
	"subject" text NOT NULL,
	"window_start" timestamp with time zone NOT NULL,
	"count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "attempts_subject_window_start_pk" PRIMARY KEY("subject","window_start")
);
--> statement-breakpoint
CREATE TABLE "media_objects" (
	"video_id" text NOT NULL,
	"generation" integer NOT NULL,
	"rendition" text NOT NULL,
	"index" integer NOT NULL,
	"attempt" integer NOT NULL,
	"key" text NOT NULL,
	"size" bigint NOT NULL,
	"etag" text NOT NULL,
	"init_length" integer NOT NULL,
	"init_hash" text NOT NULL,
	"codecs" text NOT NULL,
	"timescale" integer NOT NULL,
	"segments" jsonb NOT NULL,
	"frames" integer NOT NULL,
	CONSTRAINT "media_objects_video_id_generation_rendition_index_pk" PRIMARY KEY("video_id","generation","rendition","index")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"task_id" uuid NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"claimed_until" timestamp with time zone DEFAULT '-infinity' NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "refresh_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"depth" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"first_used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "setup_tokens" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "tasks" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"video_id" text NOT NULL,
	"generation" integer NOT NULL,
	"kind" text NOT NULL,
	"index" integer NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempt" integer DEFAULT 0 NOT NULL,
	"lease_hash" text,
	"lease_until" timestamp with time zone,
	"heartbeat_at" timestamp with time zone,
	"worker" text,
	"progress" double precision DEFAULT 0 NOT NULL,
	"speed" double precision,
	"failures" integer DEFAULT 0 NOT NULL,
	"interruptions" integer DEFAULT 0 NOT NULL,
	"result_hash" text,
	"published_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp with time zone,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text,
	"password_hash" text NOT NULL,
	"role" text DEFAULT 'user' NOT NULL,
	"bootstrap" boolean DEFAULT false NOT NULL,
	"used_bytes" bigint DEFAULT 0 NOT NULL,
	"reserved_bytes" bigint DEFAULT 0 NOT NULL,
	"open_tickets" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "videos" (
	"id" text PRIMARY KEY NOT NULL,
	"owner_id" text NOT NULL,
	"title" text NOT NULL,
	"filename" text NOT NULL,
	"content_type" text NOT NULL,
	"size" bigint NOT NULL,
	"status" text DEFAULT 'pending_upload' NOT NULL,
	"generation" integer DEFAULT 0 NOT NULL,
	"upload_id" text,
	"ticket_expires_at" timestamp with time zone,
	"source_etag" text,
	"mezzanine" jsonb,
	"profile" jsonb DEFAULT '{"preset":"veryfast","av1":false}'::jsonb NOT NULL,
	"plan" jsonb,
	"pending_tasks" integer DEFAULT 0 NOT NULL,
	"duration" double precision,
	"width" integer,
	"height" integer,
	"error_code" text,
	"error_message" text,
	"mp4" jsonb,
	"posters" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"poster_index" integer DEFAULT 0 NOT NULL,
	"storyboard" jsonb,
	"captions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"quality" jsonb,
	"cpu_seconds" double precision DEFAULT 0 NOT NULL,
	"wall_seconds" double precision DEFAULT 0 NOT NULL,
	"stored_bytes" bigint DEFAULT 0 NOT NULL,
	"traceparent" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"queued_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"deleted_at" timestamp with time zone,
	"purge_after" timestamp with time zone,
	"seen_empty" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workers" (
	"name" text PRIMARY KEY NOT NULL,
	"slots" integer NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "media_objects" ADD CONSTRAINT "media_objects_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbox" ADD CONSTRAINT "outbox_task_id_tasks_id_fk" FOREIGN KEY ("task_id") REFERENCES "public"."tasks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tasks" ADD CONSTRAINT "tasks_video_id_videos_id_fk" FOREIGN KEY ("video_id") REFERENCES "public"."videos"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "videos" ADD CONSTRAINT "videos_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "outbox_unsent" ON "outbox" USING btree ("due_at") WHERE sent_at IS NULL;--> statement-breakpoint
CREATE INDEX "outbox_task" ON "outbox" USING btree ("task_id");--> statement-breakpoint
CREATE INDEX "refresh_tokens_depth" ON "refresh_tokens" USING btree ("session_id","depth");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "tasks_identity" ON "tasks" USING btree ("video_id","generation","kind","index");--> statement-breakpoint
CREATE INDEX "tasks_leases" ON "tasks" USING btree ("lease_until") WHERE state = 'running';--> statement-breakpoint
CREATE INDEX "tasks_waiting" ON "tasks" USING btree ("video_id","index") WHERE state = 'waiting';--> statement-breakpoint
CREATE INDEX "tasks_queued" ON "tasks" USING btree ("published_at") WHERE state = 'queued';--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree ("email");--> statement-breakpoint
CREATE UNIQUE INDEX "users_bootstrap" ON "users" USING btree ("bootstrap") WHERE bootstrap;--> statement-breakpoint
CREATE INDEX "users_newest" ON "users" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_owner_newest" ON "videos" USING btree ("owner_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_newest" ON "videos" USING btree ("created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "videos_queue" ON "videos" USING btree ("queued_at") WHERE status = 'queued';--> statement-breakpoint
CREATE INDEX "videos_tickets" ON "videos" USING btree ("ticket_expires_at") WHERE status = 'pending_upload';--> statement-breakpoint
CREATE INDEX "videos_deleting" ON "videos" USING btree ("deleted_at") WHERE status = 'deleting';