/** Pieces that the route objects share: problem answers, JSON bodies, the id in the path. */
import { z } from "@hono/zod-openapi";
import { PROBLEMS, type ProblemCode, problemSchema } from "../problem.ts";

/** Problem answers by status, for a route's `responses`. */
export function problems(...codes: ProblemCode[]) {
  const byStatus: Record<
    number,
    { description: string; content: { "application/problem+json": { schema: typeof problemSchema } } }
  > = {};
  for (const code of codes) {
    const { status, title } = PROBLEMS[code];
    const before = byStatus[status]?.description;
    byStatus[status] = {
      description: before ? `${before}; ${title} (\`${code}\`)` : `${title} (\`${code}\`)`,
      content: { "application/problem+json": { schema: problemSchema } },
    };
  }
  return byStatus;
}

export const json = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { "application/json": { schema } },
});
export const jsonBody = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { "application/json": { schema } },
});

/** Any string: a malformed id answers the same 404 as somebody else's. */
export const idParams = z.object({ id: z.string().openapi({ example: "V1StGXR8Z5jdHi6B" }) });
export const bearer = [{ bearer: [] }];

/** What every call with a body, and every call of a signed-in user, may answer. */
export const BODY = [
  "request.malformed",
  "request.invalid",
  "request.too_large",
  "request.unsupported_type",
] as const;
export const SIGNED_IN = ["auth.required", "auth.token_invalid"] as const;
