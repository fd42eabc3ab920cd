/** Webhooks by the real way: statement, bridge, RabbitMQ, sender and endpoints; deaf ones, dead ones, a killed sender. */

import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deliveryPageSchema, madeWebhookSchema } from "@storagex/contract/webhooks";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bridgeService, bridgeUrlOf } from "../../stack/services/bridge.ts";
import { webhooksService } from "../../stack/services/webhooks.ts";
import { publicKeysOf } from "../../stack/setup/secrets.ts";
import { freePort, type Running, runService } from "../../testing/services/run-service.ts";
import { startRabbit } from "../../testing/services/start-rabbit.ts";
import { eventually } from "./support/eventually.ts";
import { type FaultProxy, startFaultProxy } from "./support/fault-proxy.ts";
import { type Edge, SENDER_CREDENTIAL, startEdge } from "./support/harness.ts";
import { newPerson, type Person } from "./support/person.ts";

const ENDPOINT = "127.0.0.1";
let edge: Edge;
let dir: string;
let amqpUrl: string;
let senderPort: number;
let sender: Running;
/** Between the sender and the API. */
let proxy: FaultProxy;
/** The leases of all claims, by the claim's path. */
const claims = new Map<string, string[]>();
/** The answer to the first claim of a delivery is lost while this says so. */
let isLosing = false;
const running: { stop(): Promise<void> }[] = [];

const startSender = () =>
  runService(
    webhooksService({
      amqpUrl,
      edgeApiUrl: proxy.url,
      credential: SENDER_CREDENTIAL,
      allow: ENDPOINT,
      healthPort: senderPort,
      logLevel: "info",
    }),
    join(dir, "log"),
  );

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "storagex-sender-"));
  const port = await freePort();
  senderPort = await freePort();
  const [rabbit, started] = await Promise.all([
    startRabbit(dir),
    startEdge({ BRIDGE_URL: bridgeUrlOf(port), STORAGEX_WEBHOOK_ALLOW: ENDPOINT }),
  ]);
  edge = started;
  running.push(rabbit, edge);
  ({ amqpUrl } = rabbit);
  proxy = await startFaultProxy(edge.url, (_, { pathname }, body) => {
    if (!pathname.endsWith("/claim")) return "pass";
    const before = claims.get(pathname) ?? [];
    claims.set(pathname, [...before, JSON.parse(body).lease]);
    return isLosing && before.length === 0 ? "lose" : "pass";
  });
  running.push(proxy);
  const verifyKeys = publicKeysOf(JSON.parse(edge.signingKeys));
  const bridge = bridgeService({ port, amqpUrl, verifyKeys, logLevel: "info" });
  running.push(await runService(bridge, join(dir, "log")));
  sender = await startSender();
});
afterAll(async () => {
  endpoints.closeAllConnections();
  endpoints.close();
  await sender?.stop();
  for (const each of running.toReversed()) await each.stop();
  await rm(dir, { recursive: true, force: true });
});

type Got = { path: string; headers: IncomingHttpHeaders; body: string };
const got: Got[] = [];
/** Requests that are open now, and most that were, by path. */
const open = new Map<string, number>();
const maxOpen = new Map<string, number>();
function count(path: string, change: 1 | -1): void {
  const now = (open.get(path) ?? 0) + change;
  open.set(path, now);
  maxOpen.set(path, Math.max(now, maxOpen.get(path) ?? 0));
}
/** Answers that wait, to be sent or left. */
const held: (() => void)[] = [];
/** By the first part of the path: `ok` answers, `deaf` never does, `held` when the test says so. */
const endpoints: Server = createServer((request, response) => {
  const pieces: Buffer[] = [];
  request.on("data", (piece: Buffer) => pieces.push(piece));
  request.on("end", () => {
    const path = request.url ?? "";
    count(path, 1);
    response.on("close", () => count(path, -1));
    got.push({ path, headers: request.headers, body: Buffer.concat(pieces).toString() });
    if (path.startsWith("/ok")) response.writeHead(200).end("thanks");
    if (path.startsWith("/held")) held.push(() => response.writeHead(204).end());
    if (path.startsWith("/moved")) response.writeHead(302, { location: "/ok/moved" }).end();
  });
});
const listening = new Promise<number>((resolve) => {
  endpoints.listen(0, ENDPOINT, () => resolve((endpoints.address() as AddressInfo).port));
});

async function hook(person: Person, path: string) {
  const url = path.startsWith("http") ? path : `http://${ENDPOINT}:${await listening}${path}`;
  const answer = await person.call("POST", "/v1/webhooks", { url });
  if (answer.status !== 201) throw new Error(await answer.text());
  return madeWebhookSchema.parse(await answer.json());
}
const deliveriesOf = async (person: Person, id: string) =>
  deliveryPageSchema.parse(await (await person.call("GET", `/v1/webhooks/${id}/deliveries`)).json()).items;
const arrived = (path: string) => got.filter((each) => each.path === path);

test("an endpoint gets signed events while a hundred others hang, and dead, moved and private ones fail alone", async () => {
  const person = await newPerson(edge.url);
  await Promise.all(Array.from({ length: 100 }, (_, n) => hook(person, `/deaf/${n}`)));
  const dead = await hook(person, `http://${ENDPOINT}:${await freePort()}/`);
  const moved = await hook(person, "/moved");
  await person.ticket(1_000);
  // All deaf ones hang now, and what comes meanwhile reaches the other all the same.
  const hanging = () => new Set(got.map(({ path }) => path).filter((path) => path.startsWith("/deaf"))).size;
  await eventually(async () => expect(hanging()).toBe(100));
  const well = await hook(person, "/ok/well");
  const ids = [];
  for (let n = 0; n < 5; n += 1) ids.push((await person.ticket(1_000)).video.id);
  await eventually(async () => expect(arrived("/ok/well")).toHaveLength(5));
  const verifier = new Webhook(well.secret);
  const told = arrived("/ok/well").map(({ headers, body }) =>
    verifier.verify(
      body,
      Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
    ),
  );
  const videos = told.map((each) => (each as { data: { id: string } }).data.id);
  expect(videos.toSorted()).toEqual(ids.toSorted());
  await eventually(async () =>
    expect((await deliveriesOf(person, well.webhook.id)).map(({ status }) => status)).toEqual(
      Array(5).fill("delivered"),
    ),
  );
  const [delivered] = await deliveriesOf(person, well.webhook.id);
  expect(delivered?.attempts).toMatchObject([{ status: 200, error: null, response: "thanks" }]);
  // No more than two at a time hang at an endpoint, however many wait.
  expect(Math.max(...maxOpen.values())).toBe(2);
  await eventually(async () => {
    const [refused] = await deliveriesOf(person, dead.webhook.id);
    expect(refused?.attempts[0]).toMatchObject({
      status: null,
      error: expect.stringContaining("ECONNREFUSED"),
    });
    const [redirected] = await deliveriesOf(person, moved.webhook.id);
    expect(redirected?.attempts[0]).toMatchObject({ status: 302 });
  });
  expect(arrived("/ok/moved")).toEqual([]);
  // An address that the API took before it was forbidden is refused at the connection.
  await edge.sql.query("UPDATE webhooks SET url = 'http://[::1]:1/' WHERE id = $1", [dead.webhook.id]);
  await person.ticket(1_000);
  await eventually(async () => {
    const [refused] = await deliveriesOf(person, dead.webhook.id);
    expect(refused?.attempts[0]).toMatchObject({
      status: null,
      error: expect.stringContaining("not on the public internet"),
    });
  });
});

test("a claim whose answer is lost is made again by its sender, which does not wait for its own lease to end", async () => {
  const person = await newPerson(edge.url);
  const { webhook } = await hook(person, "/ok/lost-claim");
  isLosing = true;
  await person.ticket(1_000);
  await eventually(async () => {
    expect(await deliveriesOf(person, webhook.id)).toMatchObject([{ status: "delivered" }]);
  });
  isLosing = false;
  expect(arrived("/ok/lost-claim")).toHaveLength(1);
  const [delivery] = await deliveriesOf(person, webhook.id);
  const [first, ...again] = claims.get(`/internal/deliveries/${delivery?.id}/claim`) ?? [];
  expect(first).toBeDefined();
  expect(again).toEqual([first]);
});

test("a sender that is killed while it sends loses no event", async () => {
  const person = await newPerson(edge.url);
  const { webhook } = await hook(person, "/held");
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) ids.push((await person.ticket(1_000)).video.id);
  await eventually(async () => expect(held.length).toBe(2));
  process.kill(sender.pid, "SIGKILL");
  await sender.stop();
  // Another takes over; a lease that nobody reports ends by itself, here at once.
  for (let n = 0; n < 3; n += 1) ids.push((await person.ticket(1_000)).video.id);
  await edge.sql.query(
    "UPDATE webhook_deliveries SET handed_until = now() WHERE webhook_id = $1 AND status = 'waiting'",
    [webhook.id],
  );
  sender = await startSender();
  await eventually(async () => {
    for (const answer of held.splice(0)) answer();
    const all = await deliveriesOf(person, webhook.id);
    expect(all.map(({ status }) => status)).toEqual(Array(9).fill("delivered"));
  });
  const told = new Set(arrived("/held").map(({ body }) => JSON.parse(body).data.id));
  expect([...told].toSorted()).toEqual(ids.toSorted());
  // Tried more than once, an event has the same id.
  const events = new Set(arrived("/held").map(({ headers }) => headers["webhook-id"]));
  expect(events.size).toBe(9);
  expect(arrived("/held").length).toBeGreaterThan(9);
});
