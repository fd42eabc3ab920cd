/** What is kept of who watches: a hash that means something for one day and one video, and a kind of device. */
import type { Device } from "@storagex/contract/audience";
import Bowser from "bowser";
import { sql } from "drizzle-orm";
import { base64url } from "jose";
import { LRUCache } from "lru-cache";
import { z } from "zod";
import { today } from "../db/columns.ts";
import { type Db, query } from "../db/connect.ts";
import { newSecret } from "../keys/random.ts";

/** A day (UTC), and its salt until it is over. */
export type SaltedDay = { day: string; salt: string | undefined };

const saltRow = z.object({ day: z.string(), salt: z.string(), left: z.coerce.number() });

/** The current day of the database with the salt that all replicas share, and the milliseconds until it is over. */
export async function readSalt(db: Db): Promise<{ day: string; salt: string; left: number }> {
  const statement = sql`INSERT INTO audience_salts (day, salt) VALUES (${today}, ${newSecret()})
    ON CONFLICT (day) DO UPDATE SET day = excluded.day
    RETURNING day::text, salt, extract(epoch FROM (day + 1)::timestamp AT TIME ZONE 'UTC' - now()) * 1000 AS left`;
  const [row] = await query(db, statement, saltRow);
  if (!row) throw new Error("the day has no salt");
  return row;
}

/** By what a viewer of one video is recognised on the same day. */
export type Seen = {
  videoId: string;
  /** The hash of the name that a site's viewer token gives, or empty. */
  named: string;
  network: string | undefined;
  userAgent: string | undefined;
  languages: string | undefined;
};

/** Another hash for each video: nobody can be followed from one to the next. */
export function dailyHash(
  salt: string,
  { videoId, named, network, userAgent, languages }: Seen,
): Promise<string> {
  const who = named ? ["named", named] : ["seen", network, userAgent, languages];
  return shortHash([salt, videoId, ...who]);
}

/** 72 bits: enough to tell the viewers of a video apart. */
export async function shortHash(texts: readonly (string | undefined)[]): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify(texts));
  return base64url.encode(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).subarray(0, 9));
}

/** Browsers send few different names of themselves. */
const devices = new LRUCache<string, Device>({ max: 1_000 });
const KINDS: Record<string, Device> = { desktop: "desktop", mobile: "phone", tablet: "tablet", tv: "tv" };

/** The kind of device that a user agent names. */
export function deviceOf(userAgent: string | undefined): Device {
  const text = userAgent?.slice(0, 300) ?? "";
  const known = devices.get(text);
  if (known) return known;
  const kind = text ? Bowser.parse(text).platform.type : undefined;
  const device = KINDS[kind ?? ""] ?? "other";
  devices.set(text, device);
  return device;
}

/** The origin of a web page, or null: anybody may send any text. */
export function placeOf(text: string | undefined): string | null {
  const url = text === undefined ? null : URL.parse(text);
  if (!url || !["http:", "https:"].includes(url.protocol) || url.origin.length > 200) return null;
  return url.origin;
}
