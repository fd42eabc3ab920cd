/**
 * Every error that a client can act on: code → status, title and what to do. One place in the API writes them
 * (RFC 9457).
 */
import { z } from "@hono/zod-openapi";
import { ACCOUNT_PROBLEMS } from "./problems/accounts.ts";
import { REQUEST_PROBLEMS } from "./problems/requests.ts";
import { UPLOAD_LINK_PROBLEMS } from "./problems/upload-links.ts";
import { VIDEO_PROBLEMS } from "./problems/videos.ts";
import { WEBHOOK_PROBLEMS } from "./problems/webhooks.ts";

export const PROBLEMS = {
  ...REQUEST_PROBLEMS,
  ...ACCOUNT_PROBLEMS,
  ...VIDEO_PROBLEMS,
  ...UPLOAD_LINK_PROBLEMS,
  ...WEBHOOK_PROBLEMS,
} as const;

export type ProblemCode = keyof typeof PROBLEMS;

/** `application/problem+json`. */
export const problemSchema = z
  .object({
    type: z.string().openapi({ example: "/docs#problem-video.not_found" }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string().openapi({ example: "video.not_found" }),
    traceId: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    scope: z.string().optional().openapi({ description: "The scope that the API key lacks" }),
    missing: z.array(z.number().int()).optional(),
  })
  .openapi("Problem");
export type Problem = z.infer<typeof problemSchema>;

/** The body for `code`; `given` replaces the table's text where more is known. */
export function problemBody(code: ProblemCode, given?: string): Problem {
  const { title, status, detail } = PROBLEMS[code];
  return { type: `/docs#problem-${code}`, title, status, detail: given ?? detail, code };
}
