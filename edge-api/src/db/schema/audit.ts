/** Privileged acts and changes of credentials. */
import type { AuditAction, AuditActor, AuditTarget } from "@storagex/contract/accounts/audit";
import { bigserial, index, pgTable, text } from "drizzle-orm/pg-core";
import { now, timestamptz } from "../columns.ts";

/**
 * Privileged acts and changes of credentials, written by the statements that perform them; kept for a year.
 * No foreign keys: a row outlives the accounts it names.
 */
export const audit = pgTable(
  "audit",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    at: timestamptz("at").notNull().default(now),
    actorKind: text("actor_kind").$type<AuditActor>().notNull(),
    /** The acting account; null for the operator and the system. */
    actorId: text("actor_id"),
    action: text("action").$type<AuditAction>().notNull(),
    targetKind: text("target_kind").$type<AuditTarget>().notNull(),
    targetId: text("target_id").notNull(),
    /** The account that the target is or belongs to; null for a worker. */
    ownerId: text("owner_id"),
    /** The API key by which the account acted. */
    keyId: text("key_id"),
    /** The client's address, if a trusted header names it. */
    address: text("address"),
    userAgent: text("user_agent"),
  },
  (t) => [
    index("audit_at").on(t.at, t.id),
    index("audit_actor").on(t.actorId, t.at, t.id),
    index("audit_owner").on(t.ownerId, t.at, t.id),
    index("audit_target").on(t.targetId, t.at, t.id),
  ],
);
