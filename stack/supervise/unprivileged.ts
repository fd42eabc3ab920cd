/** PostgreSQL refuses to run as root: how a root stack runs it as somebody else, in whatever folder the clone lies. */
import { execFile, spawnSync } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const NOBODY = 65_534;

/** In a user namespace root bears another number, while files in root's 0700 folders stay readable. */
const NAMESPACE = ["unshare", "-U", "--map-user=1000", "--map-group=1000", "--"];

/**
 * Where namespaces are forbidden (most containers): as nobody, who may still walk through root's folders. The signal
 * for the supervisor's death is set once more, because a change of user clears it.
 */
const AS_NOBODY = [
  ...["setpriv", "--reuid", String(NOBODY), "--regid", String(NOBODY), "--clear-groups"],
  ...["--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override", "--"],
  ...["setpriv", "--pdeathsig", "KILL", "--"],
];

type Way = { owner: number; prefix: readonly string[] } | undefined;
let found: { way: Way } | undefined;

/** The way on this machine, looked up once; undefined where the stack does not run as root. */
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

/** Gives `folder` to the user that PostgreSQL will run as: it insists on owning its data. */
export async function giveFolder(folder: string): Promise<void> {
  const owner = way()?.owner;
  if (owner === undefined || (await stat(folder)).uid === owner) return;
  await run("chown", ["-R", `${owner}:${owner}`, folder]);
}
