import { NeonDbError } from "@neondatabase/serverless";
import { PROBLEMS, type ProblemCode } from "@storagex/contract/problem";
import { SettingsError } from "@storagex/contract/settings/read-settings";
import { HTTPException } from "hono/http-exception";
import { expect, test } from "vitest";
import { z } from "zod";
import { reasonOf } from "../observe/log.ts";
import { asProblem, problem, refuseInvalid, respond } from "./problem.ts";

const database = (code?: string): Error => {
  const inner = Object.assign(new NeonDbError("inside"), { code });
  return new Error("Failed query: select secret\nparams: hunter2", { cause: inner });
};

test.each([
  [problem("video.not_found"), "video.not_found"],
  [new SettingsError(["S3_BUCKET: missing"]), "configuration.invalid"],
  [new HTTPException(400), "request.malformed"],
  [new HTTPException(413), "request.too_large"],
  [new HTTPException(415), "request.unsupported_type"],
  [new HTTPException(418), "internal.error"],
  [database(), "database.unavailable"],
  [database("08006"), "database.unavailable"],
  [database("57014"), "database.unavailable"],
  [database("42703"), "internal.error"],
  [database("22P02"), "internal.error"],
  [new Error("boom"), "internal.error"],
  ["thrown text", "internal.error"],
])("%s leaves as %s", (error, code) => {
  expect(asProblem(error).code).toBe(code);
});

test("an answer says nothing of the inside, the log no parameter and no signature", async () => {
  const answer = respond(asProblem(database("42703")), "t".repeat(32));
  const body = await answer.text();
  expect(answer.status).toBe(500);
  expect(body).not.toMatch(/inside|secret|hunter2/);
  expect(JSON.parse(body)).toMatchObject({ code: "internal.error", traceId: "t".repeat(32) });
  const logged = reasonOf(
    new Error("GET https://s3/x?X-Amz-Signature=abc failed", { cause: database("42703") }),
  );
  expect(logged).toContain("inside");
  expect(logged).not.toMatch(/hunter2|Signature/);
});

test("what an answer carries beside the table", async () => {
  const answer = respond(problem("auth.too_many_attempts", { retryAfter: 0.2 }), undefined);
  expect(answer.headers.get("retry-after")).toBe("1");
  const parts = await respond(problem("upload.parts_missing", { missing: [2, 3] }), undefined).json();
  expect(parts).toMatchObject({ status: 409, missing: [2, 3] });
  const challenge = (code: ProblemCode) => respond(problem(code), undefined).headers.get("www-authenticate");
  expect(challenge("auth.required")).toBe("Bearer");
  expect(challenge("auth.token_invalid")).toBe('Bearer error="invalid_token"');
  expect(challenge("internal.token_invalid")).toBe("Worker");
  for (const code of Object.keys(PROBLEMS) as ProblemCode[])
    expect(challenge(code) !== null, code).toBe(PROBLEMS[code].status === 401);
});

test("each unknown field is named by its own path, and long names are cut", () => {
  const schema = z.strictObject({ a: z.object({ b: z.number() }) });
  const read = schema.safeParse({ a: { b: "x" }, ["y".repeat(200)]: 1 });
  expect(() => refuseInvalid(read)).toThrow(
    expect.objectContaining({
      more: {
        errors: [
          { path: "a.b", message: expect.any(String) },
          { path: "y".repeat(100), message: "unknown field" },
        ],
      },
    }),
  );
  expect(() => refuseInvalid({ success: true })).not.toThrow();
});

test("a missing field says so, and a value of several shapes what each would need", () => {
  const schema = z.strictObject({
    name: z.string(),
    from: z.union([z.iso.date(), z.iso.datetime()]),
    poster: z.union([
      z.strictObject({ at: z.number() }),
      z.strictObject({ size: z.number(), type: z.string() }),
    ]),
  });
  const read = schema.safeParse({ from: "yesterday", poster: {} });
  expect(() => refuseInvalid(read)).toThrow(
    expect.objectContaining({
      more: {
        errors: [
          { path: "name", message: "is required" },
          { path: "from", message: "Invalid ISO date; or Invalid ISO datetime" },
          { path: "poster", message: "at: is required; or size: is required, type: is required" },
        ],
      },
    }),
  );
});
