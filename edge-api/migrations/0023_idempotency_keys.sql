CREATE TABLE "idempotency_keys" (
	"credential" text NOT NULL,
	"key_hash" text NOT NULL,
	"request_hash" text NOT NULL,
	"lease" text NOT NULL,
	"leased_until" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"status" integer,
	"kept" jsonb,
	CONSTRAINT "idempotency_keys_credential_key_hash_pk" PRIMARY KEY("credential","key_hash")
);
--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at");