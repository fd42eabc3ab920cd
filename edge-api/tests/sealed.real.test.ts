/** A signing key is replaced: what it sealed is sealed again, and nothing is lost once it goes; nor fails whole if it went too early. */
import { shareListSchema, shareSchema } from "@storagex/contract/sharing";
import { uploadLinkPageSchema, uploadLinkSchema } from "@storagex/contract/uploads/upload-links";
import { claimedDeliverySchema, madeWebhookSchema, queuedDeliverySchema } from "@storagex/contract/webhooks";
import { exportJWK, generateKeyPair } from "jose";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { seal, unseal } from "../src/keys/sealed.ts";
import { SEALED_COLUMNS } from "../src/keys/sealed-columns.ts";
import { sealedNote } from "../src/readiness/sealed.ts";
import { RESEALED, reseal } from "../src/sweeps/reseal.ts";
import { newKey } from "./support/direct-rows.ts";
import { SENDER_CREDENTIAL } from "./support/harness.ts";
import { insideEdge } from "./support/in-process.ts";
import { newPerson, type Person, personOf } from "./support/person.ts";
import { edge, usePipeline } from "./support/shared-pipeline.ts";

usePipeline();

const ADDRESS = "https://user:secret@example.org/a.mp4?token=t";
const EARLIER = "still encrypted with an earlier signing key";
const LOST = "not in STORAGEX_SIGNING_KEYS";

async function newSigningKey(kid: string) {
  const { privateKey } = await generateKeyPair("ES256", { extractable: true });
  return { ...(await exportJWK(privateKey)), kid, alg: "ES256" };
}
const setOf = (...keys: unknown[]) => ({ STORAGEX_SIGNING_KEYS: JSON.stringify({ keys }) });
/** An edge API with these keys; not the running one. */
const withKeys = (...keys: unknown[]) => insideEdge({ bindings: { ...edge.bindings, ...setOf(...keys) } });
const ownKey = (): unknown => JSON.parse(edge.signingKeys).keys[0];

let ann: Person;
let video: string;
const shares = async () =>
  shareListSchema.parse(await (await ann.call("GET", `/v1/videos/${video}/shares`)).json()).items;
const links = async () =>
  uploadLinkPageSchema.parse(await (await ann.call("GET", "/v1/upload-links")).json()).items;

beforeEach(async () => {
  const person = await newPerson(edge.url);
  // By an API key, which no signing key signs.
  const scopes = ["videos:read", "videos:write", "shares:write", "webhooks:write"] as const;
  ann = personOf(edge.url, { ...person, accessToken: await newKey(edge, person.user.id, scopes) });
  video = (await person.ticket(1_000)).video.id;
});
afterEach(async () => {
  for (const table of ["shares", "upload_links", "webhooks", "imports", "sweep_positions"])
    await edge.sql.query(`DELETE FROM ${table}`);
  await edge.restart();
});

async function resealed(inside: ReturnType<typeof insideEdge>): Promise<void> {
  for (let runs = 0; runs < 20; runs += 1) await reseal(inside);
}

test("every column of sealed texts is among those that are sealed again", async () => {
  const { rows } = await edge.sql.query(
    'SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns WHERE column_name LIKE \'%\\_sealed\'',
  );
  const names = (of: readonly { table: string; column: string }[]) =>
    of.map(({ table, column }) => `${table}.${column}`).toSorted();
  expect(names(SEALED_COLUMNS)).toEqual(names(rows));
});

test("once /readyz has no note of it the earlier key can go: links are shown, deliveries signed, imports known as before", async () => {
  const share = shareSchema.parse(await (await ann.call("POST", `/v1/videos/${video}/shares`, {})).json());
  const link = uploadLinkSchema.parse(await (await ann.call("POST", "/v1/upload-links", {})).json());
  const hook = await ann.call("POST", "/v1/webhooks", { url: "https://hooks.example.org/" });
  const { webhook, secret } = madeWebhookSchema.parse(await hook.json());
  const { secret: next } = z
    .object({ secret: z.string() })
    .parse(await (await ann.call("POST", `/v1/webhooks/${webhook.id}/rotate`)).json());
  const old = withKeys(ownKey());
  await edge.sql.query("INSERT INTO imports (video_id, address_sealed) VALUES ($1, $2)", [
    video,
    await seal(old.config, ADDRESS),
  ]);
  // Before sealed texts named their key.
  await edge.sql.query("UPDATE shares SET token_sealed = regexp_replace(token_sealed, '^2\\.[^.]+', '1')");
  // More than a run takes, first in their table, and nobody opens them.
  await edge.sql.query(
    `INSERT INTO upload_links (id, owner_id, token_hash, token_sealed, max_uploads, expires_at, revoked_at)
     SELECT '-' || n, $1, 'h' || n, '2.another.iv.data', 1, now() + interval '1 day', now() FROM generate_series(1, $2::int) n`,
    [ann.user.id, RESEALED],
  );

  const added = await newSigningKey("next");
  const both = withKeys(added, ownKey());
  expect(await sealedNote(both.config)).toContain(EARLIER);
  await resealed(both);
  const note = await sealedNote(both.config);
  expect(note).not.toContain(EARLIER);
  expect(note).toContain(LOST);
  await edge.sql.query("DELETE FROM upload_links WHERE token_sealed LIKE '2.another%'");
  expect(await sealedNote(both.config)).toBeUndefined();
  expect(await reseal(both)).toBe(0);

  await edge.restart(setOf(added));
  expect(await shares()).toEqual([share]);
  expect(await links()).toEqual([link]);
  const { deliveryId } = queuedDeliverySchema.parse(
    await (await ann.call("POST", `/v1/webhooks/${webhook.id}/test`)).json(),
  );
  const claimed = claimedDeliverySchema.parse(
    await (
      await fetch(`${edge.url}/internal/deliveries/${deliveryId}/claim`, {
        method: "POST",
        headers: { authorization: `Worker ${SENDER_CREDENTIAL}`, "content-type": "application/json" },
        body: JSON.stringify({ lease: crypto.randomUUID() }),
      })
    ).json(),
  );
  if (claimed.outcome !== "leased") throw new Error("not leased");
  for (const each of [secret, next])
    expect(new Webhook(each).verify(claimed.body, claimed.headers)).toMatchObject({ type: "webhook.test" });
  const { rows } = await edge.sql.query("SELECT address_sealed FROM imports WHERE video_id = $1", [video]);
  expect(await unseal(withKeys(added).config, rows[0].address_sealed)).toBe(ADDRESS);
});

test("a key that went too early takes the addresses of its links with it, not the lists, and brings them back", async () => {
  const first = shareSchema.parse(await (await ann.call("POST", `/v1/videos/${video}/shares`, {})).json());
  const firstLink = uploadLinkSchema.parse(await (await ann.call("POST", "/v1/upload-links", {})).json());
  const added = await newSigningKey("next");
  await edge.restart(setOf(added));
  const second = shareSchema.parse(await (await ann.call("POST", `/v1/videos/${video}/shares`, {})).json());
  const secondLink = uploadLinkSchema.parse(await (await ann.call("POST", "/v1/upload-links", {})).json());
  expect(await shares()).toEqual([second, { ...first, url: null, embedUrl: null }]);
  expect(await links()).toEqual([secondLink, { ...firstLink, url: null, token: null }]);
  const path = `/v1/videos/${video}/shares/${first.id}`;
  expect(await (await ann.call("PATCH", path, { label: "old" })).json()).toMatchObject({
    label: "old",
    url: null,
  });
  // Whoever has them goes on.
  expect((await fetch(`${edge.url}/v1/shared/${first.url.split("/").at(-1)}`)).status).toBe(200);
  expect((await fetch(`${edge.url}/v1/linked/${firstLink.token}`)).status).toBe(200);
  const ready = z.object({ parts: z.object({ database: z.object({ note: z.string() }) }) });
  const answer = ready.parse(await (await fetch(`${edge.url}/readyz`)).json());
  expect(answer.parts.database.note).toContain(LOST);

  await edge.restart(setOf(added, ownKey()));
  await resealed(withKeys(added, ownKey()));
  await edge.restart(setOf(added));
  expect((await shares()).map(({ url }) => url)).toEqual([second.url, first.url]);
  expect((await links()).map(({ token }) => token)).toEqual([secondLink.token, firstLink.token]);
});
