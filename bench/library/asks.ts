/** The requests to a library, and the statements that the API's own acts send for them. */
import type pg from "pg";
import { listUsers } from "../../edge-api/src/identity/users.ts";
import { type Listing, listAll, listOwn } from "../../edge-api/src/videos/list.ts";
import { answeringWith, type Statement } from "./recorder.ts";

/** The account that owns a fiftieth of all videos. */
export const OWNER = "owner";
const PAGE = 24;

/** `maxMs`: limit of a search; null for a request whose time must only not grow with the library. */
export type Asked = { name: string; maxMs: number | null };
export type Recorded = { asked: Asked; statements: readonly Statement[] };

type Terms = { frequent: string; rare: string };

const FEW_MS = 50;
const ANY_MS = 100;

/** Name, max milliseconds and query. */
const searches = ({ frequent, rare }: Terms): [string, number, string][] => [
  ["search, a third of all", ANY_MS, frequent],
  ["search, one in 5,000", FEW_MS, rare],
  ["search, two terms", ANY_MS, `${frequent} ${rare}`],
  ["search, one in 8", ANY_MS, "birthday"],
  ["search, one in 200", ANY_MS, "clip_123"],
  ["search, nothing", FEW_MS, "nothing-like-it"],
  ["search, one letter", ANY_MS, "z"],
  ["search, two letters", ANY_MS, "zq"],
  ["search, a sign", ANY_MS, "_"],
];

/** Every request with its statements, as the acts send them to this database. */
export async function recordOf(client: pg.Client, terms: Terms): Promise<Recorded[]> {
  const { db, taken } = answeringWith(client);
  const found: Recorded[] = [];
  const record = async (
    name: string,
    maxMs: number | null,
    act: () => Promise<{ nextCursor: string | null }>,
  ) => {
    taken.length = 0;
    const { nextCursor } = await act();
    found.push({ asked: { name, maxMs }, statements: [...taken] });
    return nextCursor ?? undefined;
  };
  for (const [who, ask] of [
    ["own", (listing: Listing) => listOwn(db, OWNER, listing)],
    ["everybody's", (listing: Listing) => listAll(db, listing)],
  ] as const) {
    const list = (more: Partial<Listing>) => () => ask({ limit: PAGE, ...more });
    const cursor = await record(`${who}: list`, null, list({}));
    await record(`${who}: second page`, null, list({ cursor }));
    for (const status of ["completed", "failed", "queued", "processing"] as const)
      await record(`${who}: ${status}`, null, list({ status }));
    for (const sort of ["oldest", "title", "longest", "largest"] as const) {
      const next = await record(`${who}: ${sort}`, null, list({ sort }));
      await record(`${who}: ${sort}, second page`, null, list({ sort, cursor: next }));
    }
    for (const [name, maxMs, q] of searches(terms)) await record(`${who}: ${name}`, maxMs, list({ q }));
    await record(
      `${who}: search, one in 5,000, failed ones`,
      FEW_MS,
      list({ q: terms.rare, status: "failed" }),
    );
  }
  const users = (more: { q?: string; cursor?: string | undefined }) => () =>
    listUsers(db, { limit: PAGE, ...more });
  const cursor = await record("users: list", null, users({}));
  await record("users: second page", null, users({ cursor }));
  await record("users: search, all", ANY_MS, users({ q: "example" }));
  await record("users: search, one", FEW_MS, users({ q: "user123@example" }));
  return found;
}
