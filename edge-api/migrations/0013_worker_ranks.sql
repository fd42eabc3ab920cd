CREATE TABLE "worker_ranks" (
	"worker" text PRIMARY KEY NOT NULL,
	"machine" text NOT NULL,
	"express" integer NOT NULL,
	"short" integer NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "worker_ranks_machine" ON "worker_ranks" USING btree ("machine");