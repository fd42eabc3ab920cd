/** Accounts and sessions as the public API represents them. */
import { z } from "@hono/zod-openapi";
import { profileChoiceSchema } from "./profile.ts";

export const ROLES = ["user", "admin"] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** A one-time link sets the first password of an invited account, or a new one. */
export const ACCOUNT_LINK_KINDS = ["invitation", "reset"] as const;
export type AccountLinkKind = (typeof ACCOUNT_LINK_KINDS)[number];

export const emailSchema = z
  .string()
  .max(254)
  .transform((text) => text.trim().toLowerCase())
  .pipe(z.email())
  .openapi({ type: "string", format: "email", example: "ann@example.test" });

const utf8Length = (text: string) => new TextEncoder().encode(text).length;

/**
 * bcrypt reads 72 bytes and stops at NUL: a password that is longer or holds NUL is refused, never truncated.
 */
export const newPasswordSchema = z
  .string()
  .min(10, "use at least 10 characters")
  .refine(
    (text) => utf8Length(text) <= 72,
    "use at most 72 bytes (letters with accents and emoji count more than one)",
  )
  .refine((text) => !text.includes("\0"), "must not hold a NUL character")
  .openapi({ type: "string", minLength: 10, maxLength: 72, example: "correct horse battery" });

export const registerRequestSchema = z
  .strictObject({
    email: emailSchema,
    password: newPasswordSchema,
    name: z.string().trim().min(1).max(100).optional(),
  })
  .openapi("RegisterRequest");
export const loginRequestSchema = z
  .strictObject({ email: emailSchema, password: z.string().min(1).max(1000) })
  .openapi("LoginRequest");
export const setupRequestSchema = z
  .strictObject({
    token: z.string().min(20).max(100),
    email: emailSchema,
    password: newPasswordSchema,
    name: z.string().trim().min(1).max(100).optional(),
  })
  .openapi("SetupRequest");

/** A session left open must not be enough to lock its owner out, so the current password is required. */
export const changePasswordRequestSchema = z
  .strictObject({ currentPassword: z.string().min(1).max(1000), newPassword: newPasswordSchema })
  .openapi("ChangePasswordRequest");

/** The password confirms a deletion: a session left open must not be enough. */
export const deleteAccountRequestSchema = z
  .strictObject({ password: z.string().min(1).max(1000) })
  .openapi("DeleteAccountRequest");

export const userSchema = z
  .object({ id: z.string(), email: z.string(), name: z.string().nullable(), role: roleSchema })
  .openapi("User");
export type User = z.infer<typeof userSchema>;

/** Bytes. */
const storageSchema = z.object({ used: z.number().int(), reserved: z.number().int() });

export const meSchema = userSchema
  .extend({
    storage: storageSchema,
    /** The values that a ticket's `profile` may use; the first quality is the default. */
    profiles: z.array(profileChoiceSchema),
    /** The largest file that a ticket is issued for, in bytes. */
    maxUploadBytes: z.number().int(),
  })
  .openapi("Me");
export type Me = z.infer<typeof meSchema>;

/** `expiresIn` in seconds. */
export const tokenSchema = z
  .object({ accessToken: z.string(), expiresIn: z.number().int() })
  .openapi("Token");
export const sessionSchema = tokenSchema.extend({ user: userSchema }).openapi("Session");
export type Session = z.infer<typeof sessionSchema>;

export const adminUserSchema = userSchema
  .extend({ storage: storageSchema, createdAt: z.iso.datetime(), videos: z.number().int() })
  .openapi("AdminUser");
export type AdminUser = z.infer<typeof adminUserSchema>;
export const adminUserPageSchema = z
  .object({ items: z.array(adminUserSchema), nextCursor: z.string().nullable() })
  .openapi("AdminUserPage");
