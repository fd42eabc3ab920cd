/** After a reload: the files that waited in line go on by themselves where the browser lets them. */
import { me } from "../../api/session.ts";
import { isStill } from "../owner.ts";
import { startNext } from "../queue.ts";
import { add, type ChosenFile, uploadById } from "../store.ts";
import { enqueue, provideFile } from "../uploads.ts";
import { openTickets } from "./open-tickets.ts";
import { type Entry, forgetEntry, takeOverEntries } from "./remembered.ts";

/** Handles of files that may be read once somebody allows it again. */
const handles = new Map<string, FileSystemFileHandle>();

/** Called once somebody is signed in. */
export async function recoverUploads(): Promise<void> {
  const ownerId = me()?.id;
  const left = ownerId ? await takeOverEntries(ownerId) : [];
  if (left.length === 0) return;
  // Where the server does not say, each is taken for unfinished: sending it shows what became of it.
  const tickets = await openTickets().catch(() => undefined);
  const open = tickets && new Set(tickets.map(({ id }) => id));
  for (const [id, entry] of left) await recover(id, entry, open);
  await startNext();
}

async function recover(id: string, entry: Entry, open: ReadonlySet<string> | undefined): Promise<void> {
  const { handle, name, size, videoId, ownerId } = entry;
  const isOver = videoId !== null && open !== undefined && !open.has(videoId);
  // Its card in the library says how much there is, and takes the file.
  const hasCard = videoId !== null && handle === undefined;
  if (isOver || hasCard || uploadById(id)) return forgetEntry(id);
  const isGranted = (await handle?.queryPermission?.({ mode: "read" })) === "granted";
  const file = isGranted ? await readSame(handle, entry) : undefined;
  // Somebody else may be signed in by now.
  if (!isStill(ownerId)) return;
  if (file) return enqueue({ file, handle }, videoId, id);
  if (handle) handles.set(id, handle);
  add({ id, name, size, videoId, state: "missing" });
}

/** Asks for the right to read the file of a missing upload; false where it must be chosen. */
export async function readAgain(id: string): Promise<boolean> {
  const handle = handles.get(id);
  const upload = uploadById(id);
  if (!handle || !upload) return false;
  if ((await handle.requestPermission?.({ mode: "read" })) !== "granted") return false;
  const file = await readSame(handle, upload);
  if (!file) return false;
  handles.delete(id);
  provideFile(id, { file, handle } satisfies ChosenFile);
  return true;
}

/** The handle's file, unless it is gone or has another size. */
async function readSame(
  handle: FileSystemFileHandle | undefined,
  { size }: { size: number },
): Promise<File | undefined> {
  const file = await handle?.getFile().catch(() => undefined);
  return file?.size === size ? file : undefined;
}
