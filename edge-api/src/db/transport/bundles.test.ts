/** Bundled statements: which one waits, which one is included, and that each gets its own result. */
import { expect, test } from "vitest";
import { type Answer, makeBundles } from "./bundles.ts";

type Request = {
  body: string;
  answer: (text: BodyInit, how?: ResponseInit) => void;
  fail: (error: Error) => void;
};

/** An endpoint that answers when the test says so. */
function endpoint() {
  const requests: Request[] = [];
  const ask = makeBundles(
    (body) =>
      new Promise((resolve, reject) => {
        requests.push({
          body,
          answer: (text, how) => resolve(new Response(text, how)),
          fail: reject,
        });
      }),
    () => undefined,
  );
  return { requests, ask };
}
const line = (at: number, body: unknown, status = 200) => `${JSON.stringify({ at, status, body })}\n`;
const of = (body: unknown, status = 200, place = 0): Answer => ({ status, body, place });

test("alone, a statement leaves at once; beside another it waits, and what waits travels in one request", async () => {
  const { requests, ask } = endpoint();
  const asked = ["1", "2", "3", "4"].map(ask);
  expect(requests.map(({ body }) => body)).toEqual(["[1]"]);
  requests[0]?.answer(line(0, { message: "no" }, 400));
  expect(await asked[0]).toEqual(of({ message: "no" }, 400));
  await expect.poll(() => requests.length).toBe(2);
  expect(requests[1]?.body).toBe("[2,3,4]");
  const answers = line(2, "d") + line(0, { code: "23505" }, 400) + line(1, "c");
  requests[1]?.answer(answers, { headers: { "content-length": String(answers.length) } });
  expect(await Promise.all(asked.slice(1))).toEqual([of({ code: "23505" }, 400), of("c"), of("d")]);
});

test("keys of one read are one statement, and each knows its place", async () => {
  const { requests, ask } = endpoint();
  const users = (keys: readonly unknown[]) => JSON.stringify({ users: keys });
  const videos = (keys: readonly unknown[]) => JSON.stringify({ videos: keys });
  const asked = [
    ask("1"),
    ask({ read: users, key: ["a"] }),
    ask({ read: users, key: ["b"] }),
    ask("2"),
    ask({ read: videos, key: ["c"] }),
    ask({ read: users, key: ["d"] }),
  ];
  expect(requests.map(({ body }) => body)).toEqual(["[1]"]);
  requests[0]?.answer(line(0, "x"));
  await expect.poll(() => requests.length).toBe(2);
  expect(requests[1]?.body).toBe('[{"users":[["a"],["b"],["d"]]},2,{"videos":[["c"]]}]');
  requests[1]?.answer(line(1, "y") + line(0, "rows") + line(2, { code: "08006" }, 503));
  expect(await Promise.all(asked.slice(1))).toEqual([
    of("rows"),
    of("rows", 200, 1),
    of("y"),
    of({ code: "08006" }, 503),
    of("rows", 200, 2),
  ]);
});

test("a slow one holds up neither those with it nor those that come later", async () => {
  const { requests, ask } = endpoint();
  const asked = ["1", "2", "3"].map(ask);
  // No request has been answered: after a short time the others are sent anyway.
  await expect.poll(() => requests.length).toBe(2);
  expect(requests[1]?.body).toBe("[2,3]");
  const { readable, writable } = new TransformStream<string, string>();
  const writer = writable.getWriter();
  requests[1]?.answer(readable.pipeThrough(new TextEncoderStream()));
  await writer.write(line(1, "c"));
  expect(await asked[2]).toEqual(of("c"));
  const late = ask("4");
  await expect.poll(() => requests.at(-1)?.body).toBe("[4]");
  requests.at(-1)?.answer(line(0, "d"));
  expect(await late).toEqual(of("d"));
  await writer.close();
  await expect(asked[1]).rejects.toThrow("without an answer");
});

test("where a request fails, all that travelled in it hear so, and the next ones travel", async () => {
  const { requests, ask } = endpoint();
  const asked = ["1", "2", "3"].map(ask);
  const settled = Promise.allSettled(asked);
  await expect.poll(() => requests.length).toBe(2);
  for (const { fail } of requests) fail(new Error("refused"));
  expect((await settled).map(({ status }) => status)).toEqual(Array(3).fill("rejected"));
  await new Promise((resolve) => setTimeout(resolve, 0));
  const next = ask("5");
  requests.at(-1)?.answer(line(0, "e"));
  expect(await next).toEqual(of("e"));
});
