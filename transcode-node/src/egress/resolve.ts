/** Finds the addresses of a name without keeping threads: a name server that never answers delays nobody else. */
import { lookup, Resolver } from "node:dns/promises";

const TIMEOUT_MS = 3_000;
const TRIES = 2;

/** All addresses of a name. Rejects where there is none. */
export type Resolve = (name: string) => Promise<string[]>;

/** By the system's name servers; a name that they do not know may stand in the machine's own list. */
export const resolveName: Resolve = async (name) => {
  const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
  const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  if (found.length > 0) return found;
  const isUnknown = answers.every(
    (answer) => answer.status === "rejected" && /^(ENOTFOUND|ENODATA)$/.test(codeOf(answer.reason)),
  );
  if (!isUnknown) throw answers.find((answer) => answer.status === "rejected")?.reason;
  return (await lookup(name, { all: true })).map(({ address }) => address);
};

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";
