/**
 * Statements that are asked at the same time travel to the SQL endpoint in one request: under load a request costs more than
 * the statement in it. Alone, a statement leaves at once. Each one runs, answers and fails by itself.
 */
import { z } from "zod";

/** What the endpoint says to one statement. */
export type Answer = { status: number; body: unknown };

type Sent = { statement: string; resolve: (answer: Answer) => void; reject: (error: unknown) => void };
/** Told nothing, it is the one to send. */
type Waiting = Sent & { resolve: (told: Answer | undefined) => void };

/** Requests under way at a time; further statements gather meanwhile. */
const MAX_UNDERWAY = 2;
/** Nobody gathers longer (milliseconds): a statement under way may take seconds, and a request that was to send may be gone. */
const MAX_WAIT_MS = 10;
const MAX_STATEMENTS = 32;
/** Longer than a request to the endpoint may last: whose sender was ended by force hears no more. */
const LOST_MS = 9_000;

/** One line of the endpoint's answer: of which statement, in the order of the request. */
const lineSchema = z.object({ at: z.number(), status: z.number(), body: z.unknown() });

/** How a request is sent: rejects where there is no answer. */
type Send = (body: string) => Promise<Response>;

/**
 * Makes the way for statements, each the JSON text of its own request. `keepAlive` holds a request's time open: others wait
 * for what it brings, also where its own client has gone.
 */
export function makeBundles(
  send: Send,
  keepAlive: (work: Promise<unknown>) => void,
): (statement: string) => Promise<Answer> {
  const waiting: Waiting[] = [];
  let underway = 0;

  return async (statement) => {
    if (underway >= MAX_UNDERWAY) {
      const told = await gather(waiting, statement);
      if (told) return told;
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
 * Waits to be taken along; undefined when it is this statement's turn to be sent. A timer runs all the while: the runtime ends a
 * request that seems to wait for nothing, and what another request will do is nothing to it.
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

/** Sends them in one request; each hears its answer as soon as it is there. Never rejects. */
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
    // Whoever has an answer does not hear of it.
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
