ALTER TABLE "audit" ADD COLUMN "owner_id" text;--> statement-breakpoint
ALTER TABLE "audit" ADD COLUMN "key_id" text;--> statement-breakpoint
CREATE INDEX "audit_actor" ON "audit" USING btree ("actor_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_owner" ON "audit" USING btree ("owner_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_target" ON "audit" USING btree ("target_id","at","id");--> statement-breakpoint
UPDATE "audit" SET "owner_id" = CASE "target_kind"
  WHEN 'account' THEN "target_id"
  WHEN 'video' THEN (SELECT "owner_id" FROM "videos" WHERE "id" = "target_id")
  WHEN 'session' THEN (SELECT "user_id" FROM "sessions" WHERE "id" = "target_id")
  WHEN 'worker' THEN NULL
  ELSE "actor_id" END;
