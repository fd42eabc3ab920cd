/**
 * Bundles concurrent statements into one request to the SQL endpoint: under load a request costs more than a
 * statement. A single statement is sent at once. Each statement runs, answers and fails independently.
 */
import { z } from "zod";

/** The endpoint's answer to one statement. */
export type Answer = { status: number; body: unknown };

type Sent = { statement: string; resolve: (answer: Answer) => void; reject: (error: unknown) => void };
/** Resolved with undefined, the statement must send the next request itself. */
type Waiting = Sent & { resolve: (answer: Answer | undefined) => void };

/** Requests in flight at a time; further statements wait and are bundled. */
const MAX_UNDERWAY = 2;
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
type Send = (body: string) => Promise<Response>;

/**
 * Makes the function that sends statements, each given as the JSON text of its own request. `keepAlive` keeps
 * the request alive until the bundle is answered: other requests wait for it, even if this one's client has
 * left.
 */
export function makeBundles(
  send: Send,
  keepAlive: (work: Promise<unknown>) => void,
): (statement: string) => Promise<Answer> {
  const waiting: Waiting[] = [];
  let underway = 0;

  return async (statement) => {
    if (underway >= MAX_UNDERWAY) {
      const answer = await gather(waiting, statement);
      if (answer) return answer;
    }
    underway += 1;
    const over = () => {
      underway -= 1;
      waiting.shift()?.resolve(undefined);
    };
    const taken = waiting.splice(0, MAX_STATEMENTS - 1);
    if (taken.length === 0) return alone(send, statement).finally(over);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    keepAlive(together(send, [{ statement, resolve, reject }, ...taken]).finally(over));
    return promise;
  };
}

/**
 * Waits to be included in a bundle. Returns undefined if this statement must send the next request. A timer
 * runs meanwhile: the runtime kills a request that seems to wait for nothing, and it does not count a promise
 * that another request resolves.
 */
async function gather(waiting: Waiting[], statement: string): Promise<Answer | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer | undefined>();
  const own = { statement, resolve, reject };
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

async function alone(send: Send, statement: string): Promise<Answer> {
  const response = await send(statement);
  return { status: response.status, body: await response.json() };
}

/** Sends the statements in one request. Each gets its answer as soon as it arrives. Never rejects. */
async function together(send: Send, all: readonly Sent[]): Promise<void> {
  try {
    const response = await send(`[${all.map(({ statement }) => statement).join(",")}]`);
    if (!response.ok || !response.body) throw new Error(`the SQL endpoint answered ${response.status}`);
    for await (const line of linesOf(response.body)) {
      const { at, ...answer } = lineSchema.parse(JSON.parse(line));
      all[at]?.resolve(answer);
    }
    throw new Error("the SQL endpoint left a statement without an answer");
  } catch (error) {
    // No effect on statements that have an answer already.
    for (const each of all) each.reject(error);
  }
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
