/**
 * Which user owns a loopback connection: the proxy's URL is in FFmpeg's arguments, which `ps` shows to
 * everybody.
 */
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { endianness } from "node:os";

/** The kernel's IPv4 connections, each with the user who opened it (proc(5)). */
const TABLE = "/proc/net/tcp";
/** The kernel returns the table in parts while it changes: a row may be missed. */
const TRIES = 3;

/** Address and port as the table writes them: bytes in the machine's own order, in hex. */
function named(address = "", port = 0): string {
  const bytes = Buffer.from(address.split(".").map(Number));
  if (endianness() === "LE") bytes.reverse();
  return `${bytes.toString("hex")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
}

/**
 * Whether one of `users` owns the other end of `socket`. Also true where there is no table (macOS, a
 * sandbox).
 */
export async function belongsTo(socket: Socket, users: readonly number[]): Promise<boolean> {
  const theirs = named(socket.remoteAddress, socket.remotePort);
  const ours = named(socket.localAddress, socket.localPort);
  for (let look = 1; ; look++) {
    const table = await readFile(TABLE, "latin1").catch(() => "");
    const at = table.indexOf(` ${theirs} ${ours} `);
    // After both ends: state, queues, timer, retransmits, user.
    if (at >= 0) return users.includes(Number(table.slice(at).trimStart().split(/\s+/, 7)[6]));
    const isListed = table.includes(` ${ours} ${theirs} `);
    if (!isListed || look === TRIES) return !isListed;
  }
}
