/** Accounts and sessions as the public API represents them. */
import { z } from "@hono/zod-openapi";
import { LANGUAGE_CHOICES } from "../language.ts";
import { profileChoiceSchema, profileRequestSchema } from "../videos/profile.ts";

export const ROLES = ["user", "admin"] as const;
export const roleSchema = z.enum(ROLES);
export type Role = z.infer<typeof roleSchema>;

/** What the pages look like, whatever the system's choice is. */
export const THEMES = ["system", "light", "dark"] as const;
export const themeSchema = z.enum(THEMES);
export type Theme = z.infer<typeof themeSchema>;

/** The language of the pages, whatever the browser's is. */
export const languageChoiceSchema = z.enum(LANGUAGE_CHOICES);

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
    quotaBytes: z.number().int().nullable().openapi({ description: "Null for no limit" }),
    minutes: z
      .object({ stored: z.number(), quota: z.number().int() })
      .nullable()
      .openapi({ description: "Minutes of video; null where they are not limited" }),
    videos: z.number().int().openapi({ description: "How many the account has" }),
    theme: themeSchema,
    language: languageChoiceSchema,
    profile: profileRequestSchema
      .nullable()
      .openapi({ description: "For new videos whose ticket names none; null: the first allowed" }),
    /** The values that a ticket's `profile` may use; the first quality is the default. */
    profiles: z.array(profileChoiceSchema),
    /** The largest file that a ticket is issued for, in bytes. */
    maxUploadBytes: z.number().int(),
  })
  .openapi("Me");
export type Me = z.infer<typeof meSchema>;

export const updateMeRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100).optional(),
    theme: themeSchema.optional(),
    language: languageChoiceSchema.optional(),
    profile: profileRequestSchema.optional(),
  })
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), "holds no change")
  .openapi("UpdateMeRequest", { minProperties: 1, example: { theme: "dark" } });
export type UpdateMe = z.infer<typeof updateMeRequestSchema>;

/** Where one is signed in. */
export const sessionsSchema = z
  .object({
    items: z.array(
      z.object({
        id: z.string(),
        current: z.boolean().openapi({ description: "The session of this call" }),
        client: z.string().nullable().openapi({ example: "Firefox on Linux" }),
        createdAt: z.iso.datetime(),
        lastUsedAt: z.iso.datetime(),
      }),
    ),
  })
  .openapi("Sessions");

/** Whether a browser sends a refresh token; it is not checked. */
export const presenceSchema = z.object({ presented: z.boolean() }).openapi("Presence");

/** `expiresIn` in seconds. */
export const tokenSchema = z
  .object({ accessToken: z.string(), expiresIn: z.number().int() })
  .openapi("Token");
export const sessionSchema = tokenSchema.extend({ user: userSchema }).openapi("Session");
export type Session = z.infer<typeof sessionSchema>;

/** A one-time link that sets a password, sent by the administrator: the secret is in it and not stored. */
const linkSchema = z.object({ url: z.url(), expiresAt: z.iso.datetime() });
/** 0 for no limit, null for the installation's own (bytes) or none (minutes). */
const quotaSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).nullable();
const minutesSchema = z.number().int().min(0).max(100_000_000).nullable();

export const adminUserSchema = userSchema
  .extend({
    storage: storageSchema,
    createdAt: z.iso.datetime(),
    videos: z.number().int(),
    disabled: z.boolean(),
    /** Nobody has followed the invitation yet. */
    invited: z.boolean(),
    quotaBytes: quotaSchema,
    /** Minutes of video that may be stored. */
    quotaMinutes: minutesSchema,
  })
  .openapi("AdminUser");
export type AdminUser = z.infer<typeof adminUserSchema>;
export const adminUserPageSchema = z
  .object({ items: z.array(adminUserSchema), nextCursor: z.string().nullable() })
  .openapi("AdminUserPage");

export const inviteRequestSchema = z
  .strictObject({
    email: emailSchema,
    name: z.string().trim().min(1).max(100).optional(),
    role: roleSchema.default("user"),
  })
  .openapi("InviteRequest");
export const invitationSchema = linkSchema.extend({ user: adminUserSchema }).openapi("Invitation");
export const resetLinkSchema = linkSchema.openapi("ResetLink");

export const changeUserRequestSchema = z
  .strictObject({
    role: roleSchema.optional(),
    disabled: z.boolean().optional(),
    quotaBytes: quotaSchema.optional(),
    quotaMinutes: minutesSchema.optional(),
  })
  .openapi("ChangeUserRequest");
export type ChangeUser = z.infer<typeof changeUserRequestSchema>;

const linkTokenSchema = z.string().min(1).max(100);
export const readLinkRequestSchema = z.strictObject({ token: linkTokenSchema }).openapi("ReadLinkRequest");
/** Whose password the link sets. */
export const accountLinkSchema = z
  .object({
    kind: z.enum(ACCOUNT_LINK_KINDS),
    email: z.string(),
    name: z.string().nullable(),
    expiresAt: z.iso.datetime(),
  })
  .openapi("AccountLink");
export type AccountLink = z.infer<typeof accountLinkSchema>;
export const joinRequestSchema = z
  .strictObject({
    token: linkTokenSchema,
    password: newPasswordSchema,
    name: z.string().trim().min(1).max(100).optional(),
  })
  .openapi("JoinRequest");
