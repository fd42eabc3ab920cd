/** The audit log as administrators read it. */
import { z } from "@hono/zod-openapi";
import { pageQuerySchema, repeatable, timeSchema } from "../videos/video-lists.ts";
import { AUDIT_ACTIONS, AUDIT_ACTORS, AUDIT_TARGETS } from "./audit.ts";

export const auditQuerySchema = pageQuerySchema.pick({ limit: true, cursor: true }).extend({
  action: repeatable(z.enum(AUDIT_ACTIONS))
    .optional()
    .openapi({ description: "Repeatable: any of them", example: "account.disabled" }),
  account: z.string().trim().min(1).max(254).optional().openapi({
    description: "An account's id or e-mail address: what it did, and what was done to it and what is its",
  }),
  actor: z.string().max(64).optional().openapi({ description: "An account's id: what it did" }),
  target: z.string().max(200).optional().openapi({ description: "The id of what was acted on" }),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

const someoneSchema = z.object({
  id: z.string(),
  email: z.string().nullable().openapi({ description: "Null once the account is deleted" }),
});

export const auditEntrySchema = z
  .object({
    id: z.string(),
    at: z.iso.datetime(),
    action: z.enum(AUDIT_ACTIONS),
    actor: z.object({
      kind: z
        .enum(AUDIT_ACTORS)
        .openapi({ description: "`operator`: a command on the server; `system`: nobody asked for it" }),
      account: someoneSchema.nullable().openapi({ description: "Of a `user`" }),
      keyId: z.string().nullable().openapi({ description: "The API key by which the account acted" }),
    }),
    target: z.object({
      kind: z.enum(AUDIT_TARGETS),
      id: z.string(),
      name: z.string().nullable().openapi({
        description: "A video's title or a key's name as it is now; null once it is gone",
      }),
      owner: someoneSchema
        .nullable()
        .openapi({ description: "The account that it is, or that it belongs to" }),
    }),
    address: z.string().nullable().openapi({
      description: "Of the client, where a trusted header names it",
    }),
    client: z.string().nullable().openapi({
      description: "What the user agent says of browser and system, or a program's name",
      example: "Firefox on Linux",
    }),
    userAgent: z.string().nullable(),
  })
  .openapi("AuditEntry");
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const auditPageSchema = z
  .object({ items: z.array(auditEntrySchema), nextCursor: z.string().nullable() })
  .openapi("AuditPage");
export type AuditPage = z.infer<typeof auditPageSchema>;
