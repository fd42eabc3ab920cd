/** Limits hold for two who come at once: the second sees what the first has made while it waited. */
import { MAX_API_KEYS } from "@storagex/contract/accounts/api-keys";
import { MAX_PLAYBACK_KEYS, MAX_SHARES } from "@storagex/contract/sharing";
import { MAX_UPLOAD_LINKS } from "@storagex/contract/uploads/upload-links";
import { MAX_WEBHOOKS } from "@storagex/contract/webhooks";
import { expect, test } from "vitest";
import type { Edge } from "../src/context.ts";
import { ownedBy } from "../src/db/scope.ts";
import { createApiKey } from "../src/identity/api-keys.ts";
import { createPlaybackKey } from "../src/sharing/playback-keys.ts";
import { createShare } from "../src/sharing/shares.ts";
import { createUploadLink } from "../src/upload-links/links.ts";
import { createWebhook } from "../src/webhooks/endpoints.ts";
import { claimDelivery } from "../src/webhooks/send.ts";
import { eventually } from "./support/eventually.ts";
import { insideEdge } from "./support/in-process.ts";
import { ann, edge, usePipeline } from "./support/shared-pipeline.ts";

usePipeline();

/** Holds the rows of `lock` until all the acts wait for them, then lets them go on; what each has come to. */
async function atOnce<T>(lock: string, acts: (() => Promise<T>)[]): Promise<PromiseSettledResult<T>[]> {
  const client = await edge.sql.connect();
  try {
    await client.query(`BEGIN; ${lock}`);
    const all = Promise.allSettled(acts.map((act) => act()));
    await eventually(async () => {
      const { rows } = await edge.sql.query(
        // A sweep may wait for the row as well.
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database()
           AND wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE%'`,
      );
      expect(rows[0].n).toBe(acts.length);
    });
    await client.query("COMMIT");
    return await all;
  } finally {
    client.release(true);
  }
}

type Case = {
  fill: (id: string, videoId: string) => [string, unknown[]];
  max: number;
  code: string;
  make: (inside: Edge, id: string, videoId: string) => Promise<unknown>;
  locks?: "videos";
};
const CASES: Record<string, Case> = {
  "API keys": {
    max: MAX_API_KEYS,
    code: "api_key.too_many",
    fill: (id) => [
      "INSERT INTO api_keys (id, user_id, name, secret_hash, hint, scopes) SELECT $1 || n, $1, 'n', $1 || n, '…', '[]' FROM generate_series(1, $2::int) n",
      [id],
    ],
    make: (inside, id) => createApiKey(inside, { id, role: "user" }, { name: "n", scopes: ["videos:read"] }),
  },
  webhooks: {
    max: MAX_WEBHOOKS,
    code: "webhook.too_many",
    fill: (id) => [
      "INSERT INTO webhooks (id, owner_id, url, secret_sealed) SELECT $1 || n, $1, 'https://example.org', '' FROM generate_series(1, $2::int) n",
      [id],
    ],
    make: (inside, id) => createWebhook(inside, id, { url: "https://example.org/" }),
  },
  "playback keys": {
    max: MAX_PLAYBACK_KEYS,
    code: "playback_key.too_many",
    fill: (id) => [
      "INSERT INTO playback_keys (id, owner_id, name, public_jwk) SELECT $1 || n, $1, 'n', '{}' FROM generate_series(1, $2::int) n",
      [id],
    ],
    make: (inside, id) => createPlaybackKey(inside, id, { name: "n" }),
  },
  "upload links": {
    max: MAX_UPLOAD_LINKS,
    code: "upload_link.too_many",
    fill: (id) => [
      `INSERT INTO upload_links (id, owner_id, token_hash, token_sealed, max_uploads, expires_at)
       SELECT $1 || n, $1, $1 || n, '', 1, now() + interval '1 day' FROM generate_series(1, $2::int) n`,
      [id],
    ],
    make: (inside, id) => createUploadLink(inside, id, { expiresIn: 3_600, maxUploads: 1 }),
  },
  shares: {
    max: MAX_SHARES,
    code: "share.too_many",
    locks: "videos",
    fill: (_, videoId) => [
      "INSERT INTO shares (id, video_id, token_hash, token_sealed) SELECT $1 || n, $1, $1 || n, '' FROM generate_series(1, $2::int) n",
      [videoId],
    ],
    make: (inside, id, videoId) => createShare(inside, { by: id, scope: ownedBy(id) }, videoId, {}),
  },
};

test.each(Object.entries(CASES))("%s", async (_, { max, code, fill, make, locks }) => {
  const inside = insideEdge(edge);
  const { video } = await ann.ticket(1_000);
  const { id } = ann.user;
  const [text, values] = fill(id, video.id);
  await edge.sql.query(text, [...values, max - 1]);
  const row = locks === "videos" ? `videos WHERE id = '${video.id}'` : `users WHERE id = '${id}'`;
  const act = () => make(inside, id, video.id);
  const both = await atOnce(`SELECT 1 FROM ${row} FOR UPDATE`, [act, act]);
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  expect(both.find(({ status }) => status === "rejected")).toMatchObject({ reason: { code } });
});

test("deliveries of one endpoint in flight", async () => {
  const inside = insideEdge(edge);
  const { webhook } = await createWebhook(inside, ann.user.id, { url: "https://example.org/" });
  const ids = [1, 2, 3].map((n) => `${webhook.id}-${n}`);
  for (const id of ids)
    await edge.sql.query(
      `WITH told AS (INSERT INTO webhook_events (id, type, at) VALUES ($1, 'webhook.test', now()) RETURNING id)
       INSERT INTO webhook_deliveries (id, webhook_id, event_id) SELECT $1, $2, id FROM told`,
      [id, webhook.id],
    );
  const all = await atOnce(
    `SELECT 1 FROM webhooks WHERE id = '${webhook.id}' FOR UPDATE`,
    ids.map((id) => () => claimDelivery(inside, id, crypto.randomUUID())),
  );
  const outcomes = all.map((each) => (each.status === "fulfilled" ? each.value.outcome : each.reason));
  expect(outcomes.toSorted()).toEqual(["leased", "leased", "none"]);
});
