/** An object in the bucket, as rows reference it. */
import { z } from "zod";

/** `size` in bytes; `etag` without quotes. */
export const storedObjectSchema = z.object({ key: z.string(), size: z.number(), etag: z.string() });
export type StoredObject = z.infer<typeof storedObjectSchema>;
