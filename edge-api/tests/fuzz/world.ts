/** Whose requests the fuzz sends, what of theirs exists, and what of others must neither be shown nor change. */
import { SCOPES } from "@storagex/contract/accounts/scopes";
import { z } from "zod";
import { register } from "../support/client.ts";
import {
  newAccess,
  newKey,
  newSigned,
  newUploadLink,
  newVideo,
  newVideoToken,
  playbackToken,
} from "../support/direct-rows.ts";
import type { Edge } from "../support/harness.ts";
import { personOf } from "../support/person.ts";

/** Stands in everything that the victim has: only administrators may be answered with it. */
export const MARK = "VICTIM-7f3a";

const WORKER = "fuzzed-worker";

export type Caller = {
  name: string;
  authorization: () => string | undefined;
  /** Administrators may see what is the victim's, and change it: they do not learn its ids. */
  isAdmin?: boolean;
  /** How often, compared with the others. */
  calls?: number;
};

/** Ids and tokens that exist, by the word before them in a path. */
export type Ids = Map<string, string[]>;

const KEPT = 20;

/** Keeps the newest of each. */
export function keepId(ids: Ids, word: string, id: string): void {
  ids.set(word, [...(ids.get(word) ?? []).slice(1 - KEPT), id]);
}

export type World = {
  callers: readonly Caller[];
  own: Ids;
  others: Ids;
  /** Gives the callers a new session and a new video: a call may have ended or deleted the ones before. */
  renew(): Promise<void>;
  /** What the victim has, to compare. */
  ofVictim(): Promise<unknown>;
};

export async function makeWorld(edge: Edge): Promise<World> {
  const [person, admin, disabled] = await Promise.all([
    newSigned(edge),
    newSigned(edge, "admin"),
    newSigned(edge),
  ]);
  await edge.sql.query("UPDATE users SET disabled_at = now() WHERE id = $1", [disabled.userId]);
  await edge.sql.query("INSERT INTO workers (name, slots) VALUES ($1, 1)", [WORKER]);
  const [allScopes, reader, video] = await Promise.all([
    newKey(edge, person.userId, SCOPES),
    newKey(edge, person.userId, ["videos:read"]),
    newVideo(edge, person.userId),
  ]);
  const inAnHour = Math.floor(Date.now() / 1000) + 3_600;
  const playback = await playbackToken(edge, video, inAnHour, { kind: "owner", userId: person.userId });
  const link = await newUploadLink(edge, person.userId);
  let ofVideo = "";
  let [ofPerson, ofAdmin] = [person.accessToken, admin.accessToken];
  const { others, ofVictim } = await makeVictim(edge);
  const own: Ids = new Map([["workers", [WORKER]]]);
  return {
    callers: [
      { name: "nobody", authorization: () => undefined },
      { name: "person", authorization: () => ofPerson, calls: 4 },
      { name: "key of all scopes", authorization: () => allScopes, calls: 2 },
      { name: "key of one scope", authorization: () => reader },
      { name: "admin", authorization: () => ofAdmin, isAdmin: true, calls: 3 },
      { name: "disabled account", authorization: () => disabled.accessToken },
      { name: "playback token", authorization: () => playback },
      { name: "upload link", authorization: () => link.token },
      { name: "token of one video", authorization: () => ofVideo, calls: 2 },
      { name: "not a token", authorization: () => "sxk_x" },
    ],
    own,
    others,
    renew: async () => {
      ofPerson = await newAccess(edge, person.userId);
      ofAdmin = await newAccess(edge, admin.userId);
      const id = await newVideo(edge, person.userId);
      keepId(own, "videos", id);
      await edge.sql.query("INSERT INTO link_uploads (video_id, link_id) VALUES ($1, $2)", [id, link.id]);
      ofVideo = await newVideoToken(edge, id);
    },
    ofVictim,
  };
}

const madeSchema = z.looseObject({ id: z.string() });
const made = {
  shares: z.object({ id: z.string(), url: z.string() }),
  keys: z.object({ key: madeSchema }).transform(({ key }) => key),
  webhooks: z.object({ webhook: madeSchema }).transform(({ webhook }) => webhook),
  "playback-keys": madeSchema,
  "upload-links": z.object({ id: z.string(), token: z.string() }),
};

async function makeVictim(edge: Edge): Promise<{ others: Ids; ofVictim: () => Promise<unknown> }> {
  const victim = personOf(edge.url, await register(edge.url));
  const { id } = (
    await victim.ticket(1_000, { title: MARK, description: MARK, tags: [MARK], externalId: MARK })
  ).video;
  const make = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await victim.call("POST", path, body);
    if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const share = made.shares.parse(
    await make(`/v1/videos/${id}/shares`, { label: MARK, password: "a long password" }),
  );
  const key = made.keys.parse(await make("/v1/keys", { name: MARK, scopes: ["videos:read"] }));
  const webhook = made.webhooks.parse(
    await make("/v1/webhooks", { url: "https://example.com/hook", description: MARK }),
  );
  const playbackKey = made["playback-keys"].parse(await make("/v1/playback-keys", { name: MARK }));
  const uploadLink = made["upload-links"].parse(
    await make("/v1/upload-links", {
      title: MARK,
      tags: [MARK],
      externalId: `${MARK}-2`,
      metadata: { MARK },
    }),
  );
  const sessions = await edge.sql.query("SELECT id FROM sessions WHERE user_id = $1", [victim.user.id]);
  const others: Ids = new Map([
    ["videos", [id]],
    ["shares", [share.id]],
    ["shared", [share.url.split("/").at(-1) ?? ""]],
    ["keys", [key.id]],
    ["webhooks", [webhook.id]],
    ["playback-keys", [playbackKey.id]],
    ["upload-links", [uploadLink.id]],
    ["sessions", sessions.rows.map((row) => String(row.id))],
    ["users", [victim.user.id]],
  ]);
  const ofVictim = async () => {
    const paths = [
      `/v1/videos/${id}`,
      "/v1/keys",
      "/v1/webhooks",
      "/v1/playback-keys",
      "/v1/upload-links",
      `/v1/videos/${id}/shares`,
    ];
    // Made for the question: a call may end sessions, but not of the victim.
    const asked = {
      ...victim,
      headers: { authorization: `Bearer ${await newAccess(edge, victim.user.id)}` },
    };
    return Promise.all(
      paths.map(async (path) => (await fetch(edge.url + path, { headers: asked.headers })).json()),
    );
  };
  return { others, ofVictim };
}
