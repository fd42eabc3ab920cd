/** Parses untrusted text as JSON before a schema checks it: `jsonTextSchema.pipe(schema)`. */
import { z } from "zod";

export const jsonTextSchema = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});
