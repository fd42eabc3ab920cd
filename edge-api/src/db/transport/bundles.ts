/**
 * Bundles concurrent statements into one request to the SQL endpoint: under load a request costs more than a
 * statement. A single statement is sent at once. Each statement runs, answers and fails independently. Reads of
 * one kind in the same request become one statement.
 */
import { z } from "zod";
import type { Key } from "../keyed.ts";

/** A statement, given as the JSON text of its own request; or one key of a read that others make too. */
export type Asked = string | { read: (keys: readonly Key[]) => string; key: Key };

/** The endpoint's answer to one statement: its rows (status 200), or why it failed. `place` is the key's among those of the read. */
export type Answer = { status: number; body: unknown; place: number };

type Sent = { asked: Asked; resolve: (answer: Answer) => void; reject: (error: unknown) => void };
/** Resolved with undefined, the statement must send the next request itself. */
type Waiting = Sent & { resolve: (answer: Answer | undefined) => void };

/**
 * Requests in flight at a time; further statements wait and are bundled. Measured: with two there were half as many
 * statements in each, and a sixth fewer answers a second; with four fewer still.
 */
const MAX_UNDERWAY = 1;
/**
 * Longest wait in milliseconds: a statement in flight may take seconds, and the request that should send may
 * have been cancelled.
 */
const MAX_WAIT_MS = 10;
const MAX_STATEMENTS = 32;
/** Longer than a request to the endpoint may last. If the sender was killed, no answer ever comes. */
const LOST_MS = 9_000;

/** One line of the endpoint's answer. `at` is the statement's index in the request. */
const lineSchema = z.object({ at: z.number(), status: z.number(), body: z.unknown() });

/** Sends a request. Rejects if there is no answer. */
export type Send = (body: string) => Promise<Response>;

/**
 * Makes the function that sends statements. `keepAlive` keeps the request alive until the bundle is answered:
 * other requests wait for it, even if this one's client has left.
 */
export function makeBundles(
  send: Send,
  keepAlive: (work: Promise<unknown>) => void,
): (asked: Asked) => Promise<Answer> {
  const waiting: Waiting[] = [];
  let underway = 0;

  return async (asked) => {
    if (underway >= MAX_UNDERWAY) {
      const answer = await gather(waiting, asked);
      if (answer) return answer;
    }
    underway += 1;
    const over = () => {
      underway -= 1;
      waiting.shift()?.resolve(undefined);
    };
    const taken = waiting.splice(0, MAX_STATEMENTS - 1);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    keepAlive(together(send, [{ asked, resolve, reject }, ...taken]).finally(over));
    return promise;
  };
}

/**
 * Waits to be included in a bundle. Returns undefined if this statement must send the next request. A timer
 * runs meanwhile: the runtime kills a request that seems to wait for nothing, and it does not count a promise
 * that another request resolves.
 */
async function gather(waiting: Waiting[], asked: Asked): Promise<Answer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer | undefined>();
  const own = { asked, resolve, reject };
  waiting.push(own);
  let timer = setTimeout(() => {
    const place = waiting.indexOf(own);
    if (place >= 0) {
      waiting.splice(place, 1);
      return resolve(undefined);
    }
    timer = setTimeout(() => reject(new Error("the statement was taken along and not answered")), LOST_MS);
  }, MAX_WAIT_MS);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Sends the statement in a request of its own. */
export function alone(send: Send, statement: string): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  void together(send, [{ asked: statement, resolve, reject }]);
  return promise;
}

type Statement = { text: string; of: readonly Sent[] };

/** The statements that answer `all`. */
function statementsOf(all: readonly Sent[]): Statement[] {
  return [...Map.groupBy(all, ({ asked }) => (typeof asked === "string" ? {} : asked.read))].map(
    ([read, of]) => ({
      text:
        typeof read === "function"
          ? read(of.flatMap(({ asked }) => (typeof asked === "string" ? [] : [asked.key])))
          : String(of[0]?.asked),
      of,
    }),
  );
}

/** Sends the statements in one request. Each gets its answer as soon as it arrives. Never rejects. */
async function together(send: Send, all: readonly Sent[]): Promise<void> {
  try {
    const statements = statementsOf(all);
    const response = await send(`[${statements.map(({ text }) => text).join(",")}]`);
    if (!response.ok || !response.body) throw new Error(`the SQL endpoint answered ${response.status}`);
    const take = (line: string) => {
      const { at, ...answer } = lineSchema.parse(JSON.parse(line));
      for (const [place, { resolve }] of statements[at]?.of.entries() ?? []) resolve({ ...answer, place });
    };
    // Without a length it is a stream: some of the statements take longer.
    if (response.headers.has("content-length")) (await response.text()).trimEnd().split("\n").forEach(take);
    else await eachLine(response.body, take);
    throw new Error("the SQL endpoint left a statement without an answer");
  } catch (error) {
    // No effect on statements that have an answer already.
    for (const each of all) each.reject(error);
  }
}

/** A reader instead of an iterator, which costs several promises for each piece and line. */
async function eachLine(body: ReadableStream<Uint8Array>, act: (line: string) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) act(line);
  }
}
