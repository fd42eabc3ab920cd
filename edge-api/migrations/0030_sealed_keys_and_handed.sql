DROP INDEX "webhook_deliveries_due";--> statement-breakpoint
CREATE INDEX "imports_sealed" ON "imports" USING btree (split_part(address_sealed, '.', 2)) WHERE address_sealed IS NOT NULL;--> statement-breakpoint
CREATE INDEX "shares_sealed" ON "shares" USING btree (split_part(token_sealed, '.', 2));--> statement-breakpoint
CREATE INDEX "upload_links_sealed" ON "upload_links" USING btree (split_part(token_sealed, '.', 2));--> statement-breakpoint
CREATE INDEX "webhook_deliveries_handed" ON "webhook_deliveries" USING btree ("webhook_id","handed_until") WHERE status = 'waiting';--> statement-breakpoint
CREATE INDEX "webhooks_sealed" ON "webhooks" USING btree (split_part(secret_sealed, '.', 2));--> statement-breakpoint
CREATE INDEX "webhooks_old_sealed" ON "webhooks" USING btree (split_part(old_secret_sealed, '.', 2)) WHERE old_secret_sealed IS NOT NULL;