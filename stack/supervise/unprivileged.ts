/**
 * Runs PostgreSQL as another user in a root stack, wherever the clone is: PostgreSQL refuses to run as root.
 */
import { execFile, spawnSync } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const NOBODY = 65_534;

/** In a user namespace root has another uid, and files in root's 0700 folders stay readable. */
const NAMESPACE = ["unshare", "-U", "--map-user=1000", "--map-group=1000", "--"];

/**
 * Where namespaces are forbidden (most containers): as nobody, who may still walk through root's folders. The
 * signal for the supervisor's death is set again, because a change of user clears it.
 */
const AS_NOBODY = [
  ...["setpriv", "--reuid", String(NOBODY), "--regid", String(NOBODY), "--clear-groups"],
  ...["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--"],
  ...["setpriv", "--pdeathsig", "KILL", "--"],
];

type Way = { owner: number; prefix: readonly string[] } | undefined;
let found: { way: Way } | undefined;

/** How this machine does it, found out once; undefined where the stack does not run as root. */
function way(): Way {
  found ??= { way: findWay() };
  return found.way;
}

function findWay(): Way {
  if (process.getuid?.() !== 0) return undefined;
  const [program = "", ...args] = NAMESPACE;
  const hasNamespaces = spawnSync(program, [...args, "true"]).status === 0;
  return hasNamespaces ? { owner: 0, prefix: NAMESPACE } : { owner: NOBODY, prefix: AS_NOBODY };
}

/** The command that runs `program` as an ordinary user. */
export function asUnprivileged(program: string, ...args: string[]): [string, ...string[]] {
  const [first, ...rest] = [...(way()?.prefix ?? []), program, ...args];
  return [first ?? program, ...rest];
}

/** Gives `folder` to the user that PostgreSQL runs as: PostgreSQL must own its data. */
export async function giveFolder(folder: string): Promise<void> {
  const owner = way()?.owner;
  if (owner === undefined || (await stat(folder)).uid === owner) return;
  await run("chown", ["-R", `${owner}:${owner}`, folder]);
}
