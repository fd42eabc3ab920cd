ALTER TABLE "tasks" ADD COLUMN "cpu_seconds" double precision;--> statement-breakpoint
ALTER TABLE "tasks" ADD COLUMN "wall_seconds" double precision;