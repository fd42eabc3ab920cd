/** Shares, public videos, playback keys and the reports of players, as the public API shows them. */
import { z } from "@hono/zod-openapi";
import { playbackSchema } from "./videos/playback.ts";
import { chapterSchema } from "./videos/video-fields.ts";

/** Max shares of one video, and playback keys of one account. */
export const MAX_SHARES = 100;
export const MAX_PLAYBACK_KEYS = 50;

/** Begins every share's token, so that secret scanners know it. */
export const SHARE_PREFIX = "sxs_";

/** Seconds: a minute to ten years. */
const expiresInSchema = z
  .number()
  .int()
  .min(60)
  .max(315_360_000)
  .openapi({ description: "Seconds from now; left out or null: it does not expire", example: 604_800 });

/** A site that may frame the player and read the API's answer: scheme, host and port, nothing else. */
export const originSchema = z
  .string()
  .max(300)
  .transform((text, context) => {
    const url = URL.parse(text.trim());
    const isOrigin =
      url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/` && url.username === "";
    // The Content-Security-Policy separates its parts with these.
    if (url && isOrigin && !/[;,\s*]/.test(url.origin)) return url.origin;
    context.addIssue({ code: "custom", message: "must be an origin such as https://example.org" });
    return z.NEVER;
  })
  .openapi({ type: "string", example: "https://example.org" });

const passwordSchema = z
  .string()
  .min(4, "use at least 4 characters")
  .refine((text) => new TextEncoder().encode(text).length <= 72, "use at most 72 bytes")
  .refine((text) => !text.includes("\0"), "must not hold a NUL character")
  .openapi({ type: "string", minLength: 4, maxLength: 72 });

const shareFields = {
  label: z.string().trim().max(100).nullish().openapi({ description: "For its owner only" }),
  expiresIn: expiresInSchema.nullish(),
  password: passwordSchema.nullish(),
  allowDownload: z.boolean().optional(),
  embedOrigins: z
    .array(originSchema)
    .max(20)
    .optional()
    .openapi({ description: "Sites that may embed the player; empty: any" }),
};

export const shareRequestSchema = z.strictObject(shareFields).openapi("ShareRequest");
export type ShareRequest = z.infer<typeof shareRequestSchema>;

/** As the request, for changes: what is left out stays; null removes label, expiry or password. */
export const shareUpdateSchema = z
  .strictObject(shareFields)
  .refine((changes) => Object.values(changes).some((value) => value !== undefined), "holds no change")
  .openapi("ShareUpdate", { minProperties: 1 });
export type ShareUpdate = z.infer<typeof shareUpdateSchema>;

const shareShape = {
  id: z.string(),
  url: z.string().openapi({ description: "The page to send to somebody" }),
  embedUrl: z.string().openapi({ description: "The player alone, for a frame in another page" }),
  label: z.string().nullable(),
  hasPassword: z.boolean(),
  allowDownload: z.boolean(),
  embedOrigins: z.array(z.string()),
  views: z.number().int().openapi({ description: "Visits that played for at least 3 seconds" }),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
};
export const shareSchema = z.object(shareShape).openapi("Share");
export type Share = z.infer<typeof shareSchema>;

/** Of an address whose secret part is encrypted in the database, and cannot be opened any more. */
export const forgotten = {
  description:
    "Null where the server can no longer show it, because the signing key that encrypted it was removed; the link itself goes on to work",
};
export const listedShareSchema = z
  .object({
    ...shareShape,
    url: z.string().nullable().openapi(forgotten),
    embedUrl: z.string().nullable().openapi(forgotten),
  })
  .openapi("ListedShare");
export type ListedShare = z.infer<typeof listedShareSchema>;
export const shareListSchema = z.object({ items: z.array(listedShareSchema) }).openapi("ShareList");

/** What a visitor sees of a video: nothing of its owner, file or processing. */
export const shownVideoSchema = z
  .object({
    video: z.object({
      id: z.string(),
      title: z.string(),
      description: z.string(),
      duration: z.number().nullable(),
      width: z.number().int().nullable(),
      height: z.number().int().nullable(),
      createdAt: z.iso.datetime(),
      chapters: z.array(chapterSchema),
      poster: z.string().nullable(),
    }),
    // A union: what `nullable` makes of a named schema in the document accepts no null.
    playback: z
      .union([playbackSchema, z.null()])
      .openapi({ description: "Null until something can be played" }),
  })
  .openapi("ShownVideo");
export type ShownVideo = z.infer<typeof shownVideoSchema>;

export const unlockRequestSchema = z
  .strictObject({ password: z.string().min(1).max(1000) })
  .openapi("UnlockRequest");
/** `unlock` goes along as `X-Share-Unlock`; `expiresIn` in seconds. */
export const unlockSchema = z
  .object({ unlock: z.string(), expiresIn: z.number().int() })
  .openapi("ShareUnlock");
export const UNLOCK_HEADER = "x-share-unlock";

/** A public key; a private or symmetric one is refused, because it should not have been sent. */
export const publicJwkSchema = z
  .looseObject({ kty: z.string().max(20), crv: z.string().max(20) })
  .refine((jwk) => !["d", "k", "p", "q", "dp", "dq", "qi", "oth"].some((part) => part in jwk), {
    message: "holds a private part: send the public key only, and replace this one",
  })
  .refine(
    ({ kty, crv }) => (kty === "EC" && crv === "P-256") || (kty === "OKP" && crv === "Ed25519"),
    "must be an EC key on P-256 (ES256) or an OKP key on Ed25519 (EdDSA)",
  )
  .openapi("PublicJwk");

export const playbackKeyRequestSchema = z
  .strictObject({ name: z.string().trim().min(1).max(100), publicJwk: publicJwkSchema.optional() })
  .openapi("PlaybackKeyRequest");
export type PlaybackKeyRequest = z.infer<typeof playbackKeyRequestSchema>;
export const playbackKeySchema = z
  .object({ id: z.string(), name: z.string(), createdAt: z.iso.datetime() })
  .openapi("PlaybackKey");
export type PlaybackKey = z.infer<typeof playbackKeySchema>;
export const madePlaybackKeySchema = playbackKeySchema
  .extend({
    privateJwk: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: "Only where no public key was sent; shown this once" }),
  })
  .openapi("MadePlaybackKey");
export type MadePlaybackKey = z.infer<typeof madePlaybackKeySchema>;
export const playbackKeyListSchema = z
  .object({ items: z.array(playbackKeySchema) })
  .openapi("PlaybackKeyList");

/** oEmbed 1.0, section 2.2 (the consumer's request). */
export const oembedQuerySchema = z.object({
  url: z.string().max(2_000),
  format: z.enum(["json", "xml"]).default("json"),
  maxwidth: z.coerce.number().int().min(1).max(10_000).optional(),
  maxheight: z.coerce.number().int().min(1).max(10_000).optional(),
});
export type OembedQuery = z.infer<typeof oembedQuerySchema>;
/** oEmbed 1.0, section 2.3.4.2 (the video type). */
export const oembedSchema = z
  .object({
    version: z.literal("1.0"),
    type: z.literal("video"),
    provider_name: z.string(),
    provider_url: z.string(),
    title: z.string(),
    html: z.string(),
    width: z.number().int(),
    height: z.number().int(),
    thumbnail_url: z.string().optional(),
    thumbnail_width: z.number().int().optional(),
    thumbnail_height: z.number().int().optional(),
  })
  .openapi("Oembed");
export type Oembed = z.infer<typeof oembedSchema>;

const seconds = z.number().min(0).max(100_000);
/** What a player reports of itself every 10 s and on leaving, without cookie and account. */
export const beatSchema = z
  .strictObject({
    /** Random, made by the player for one visit. */
    session: z.string().regex(/^[\w-]{8,64}$/),
    /** Seconds of the video that were played since the last report. */
    played: z.array(z.tuple([seconds, seconds])).max(200),
    /** Milliseconds from pressing play to the first frame, as soon as it is known. */
    startupMs: z.number().int().min(0).max(600_000).optional(),
    /** How often it waited for more in this visit so far, and for how long. */
    stalls: z.number().int().min(0).max(10_000),
    stallMs: z.number().int().min(0).max(3_600_000),
    /** Lines of the rendition that plays. */
    height: z.number().int().min(0).max(20_000),
    ended: z.boolean(),
    /** Origin of the page that led here or frames the player. */
    place: z.string().max(300).optional(),
  })
  .openapi("Beat");
export type Beat = z.infer<typeof beatSchema>;
