/** `storagex webhooks listen`: what happens to videos, as signed webhooks to a program on this machine. */
import { randomBytes, randomUUID } from "node:crypto";
import { expectData, type Schemas } from "@storagex/client";
import { Command } from "commander";
import { Webhook } from "standardwebhooks";
import { CommandError, EXIT, reasonOf } from "../exit-codes.ts";
import { askedUntilAnswered, type LiveEvent, liveEvents } from "../live-events.ts";
import { printJson, printLine, printNote } from "../print.ts";
import { interruption, openSession, type Session } from "../session.ts";
import { eventsBetween } from "../webhook-events.ts";
import { within } from "../within.ts";

type Options = { forward: string; secret?: string; json?: true };
type Listed = Schemas["Video"];
/** What a deletion is told with. */
type Named = Pick<Schemas["VideoDetail"], "id" | "externalId" | "metadata">;

/** As the API's own sender: an answer that takes longer has failed. Milliseconds. */
const ANSWER_WITHIN = 15_000;

export const webhooksCommand = (): Command =>
  new Command("webhooks")
    .description("webhooks, for development")
    .addCommand(
      new Command("listen")
        .description("forward live events as signed webhooks, each once, until Ctrl-C")
        .requiredOption("--forward <url>", "your program, e.g. http://127.0.0.1:8000/hooks")
        .option("--secret <whsec>", "signs them; otherwise a new one is printed")
        .option("--json", "print JSON: first the secret, then each event, one a line")
        .action(listen),
    );

async function listen({ forward, secret: given, json }: Options): Promise<void> {
  if (!URL.canParse(forward)) throw new CommandError(`not a URL: ${forward}`, EXIT.usage);
  const secret = given ?? `whsec_${randomBytes(24).toString("base64")}`;
  const signer = signerOf(secret);
  const session = await openSession();
  const signal = interruption();
  const { id: own } = expectData(await session.client.GET("/v1/me"));

  const known = new Map<string, Listed>();
  const names = new Map<string, Named>();
  let isListening = false;
  for await (const event of liveEvents(session, signal, catchUp))
    for (const { type, data } of await toldBy(event)) {
      const answer = await send(forward, signer, { type, data }, signal);
      if (signal.aborted) return;
      if (json) printJson({ type, id: data.id, ...answer });
      else printLine(`${type}  ${data.id}  ${answer.status ?? answer.error}`);
    }

  /** What happened while no stream was open. What there is when the listening begins is no news. */
  async function catchUp(): Promise<LiveEvent[]> {
    const now = await ownVideos(session, signal);
    if (isListening) return changesTo(now, known);
    for (const [id, video] of now) known.set(id, video);
    isListening = true;
    if (json) printJson({ listening: true, secret });
    else printNote(`Listening. Events are forwarded to ${forward}, signed with ${secret}`);
    return [];
  }

  async function toldBy({ event, data }: LiveEvent): Promise<{ type: string; data: { id: string } }[]> {
    const before = known.get(data.id);
    if (event === "video.deleted") {
      known.delete(data.id);
      const { externalId = null } = before ?? {};
      return before
        ? [{ type: event, data: names.get(data.id) ?? { id: data.id, externalId, metadata: {} } }]
        : [];
    }
    // A key that administers hears of everybody's.
    if (data.ownerId !== own || (before && before.seq >= data.seq)) return [];
    const types = eventsBetween(before, data);
    const shown =
      types.length > 0
        ? await askedUntilAnswered(signal, () => detailOf(session, data.id, signal))
        : undefined;
    known.set(data.id, data);
    if (!shown) return [];
    names.set(data.id, { id: data.id, externalId: shown.externalId, metadata: shown.metadata });
    return types.map((type) => ({ type, data: shown }));
  }
}

/** From the videos that were known to those that there are now, as the stream would have told it; oldest first. */
function changesTo(now: ReadonlyMap<string, Listed>, known: ReadonlyMap<string, Listed>): LiveEvent[] {
  const gone = [...known.keys()].filter((id) => !now.has(id));
  return [
    ...gone.map((id): LiveEvent => ({ event: "video.deleted", data: { id } })),
    ...[...now.values()].reverse().map((data): LiveEvent => ({ event: "video.updated", data })),
  ];
}

function signerOf(secret: string): Webhook {
  try {
    return new Webhook(secret);
  } catch {
    throw new CommandError("--secret must be a webhook secret (whsec_ and base64)", EXIT.usage);
  }
}

/** All of one's own videos as they are now, by id. */
async function ownVideos({ client }: Session, signal: AbortSignal): Promise<Map<string, Listed>> {
  const known = new Map<string, Listed>();
  let cursor: string | undefined;
  do {
    const query = { limit: 100, ...(cursor && { cursor }) };
    const { items, nextCursor } = expectData(await client.GET("/v1/videos", { params: { query }, signal }));
    for (const video of items) known.set(video.id, video);
    cursor = nextCursor ?? undefined;
  } while (cursor);
  return known;
}

/** As webhooks show it; undefined where it was deleted meanwhile. */
async function detailOf({ client }: Session, id: string, signal: AbortSignal) {
  const answer = await client.GET("/v1/videos/{id}", { params: { path: { id } }, signal });
  if (answer.response.status === 404) return undefined;
  const { poster: _poster, posters: _posters, ...shown } = expectData(answer);
  return shown;
}

/** Sends one event, once. */
async function send(
  url: string,
  signer: Webhook,
  event: { type: string; data: unknown },
  signal: AbortSignal,
): Promise<{ status?: number; error?: string }> {
  const [id, at] = [randomUUID(), new Date()];
  const body = JSON.stringify({ type: event.type, timestamp: at.toISOString(), data: event.data });
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": signer.sign(id, at, body),
  };
  try {
    const status = await within(ANSWER_WITHIN, signal, async (limit) => {
      const answer = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal: limit });
      await answer.body?.cancel();
      return answer.status;
    });
    return { status };
  } catch (error) {
    return { error: reasonOf(error instanceof Error && error.cause ? error.cause : error) };
  }
}
