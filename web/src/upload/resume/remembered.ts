/**
 * The queue survives a reload: names and sizes, and file handles where the browser gives them, in IndexedDB.
 * Each tab has its own entries; those of a tab that is gone are taken over by the next one.
 */
import { createStore, del, entries, set, update } from "idb-keyval";
import { me } from "../../api/session.ts";
import type { ChosenFile } from "../store.ts";

export type Entry = {
  ownerId: string;
  tab: string;
  name: string;
  size: number;
  lastModified: number;
  videoId: string | null;
  handle?: FileSystemFileHandle;
};

const TAB = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
const lockOf = (tab: string) => `storagex.tab.${tab}`;

let count = 0;
/** An id that no other tab uses. */
export function newEntryId(): string {
  count += 1;
  return `${TAB}-${count}`;
}

let opened: ReturnType<typeof createStore> | undefined;
const store = () => {
  opened ??= createStore("storagex", "uploads");
  return opened;
};

/** Blocked or full storage costs only the memory of the queue, never an upload. Some browsers throw at once. */
async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

export function rememberEntry(id: string, { file, handle }: ChosenFile, videoId: string | null): void {
  const ownerId = me()?.id;
  if (!ownerId) return;
  holdTab();
  const { name, size, lastModified } = file;
  const entry: Entry = { ownerId, tab: TAB, name, size, lastModified, videoId };
  void quietly(() => set(id, handle ? { ...entry, handle } : entry, store()));
}

export function rememberTicket(id: string, videoId: string): void {
  void quietly(() =>
    update<Entry | undefined>(id, (entry) => (entry ? { ...entry, videoId } : undefined), store()),
  );
}

export function forgetEntry(id: string): void {
  void quietly(() => del(id, store()));
}

/** The entries of this account whose tab is closed; they belong to this tab from now on. */
export async function takeOverEntries(ownerId: string): Promise<[id: string, entry: Entry][]> {
  // Without locks (plain http) nobody knows which tabs live: nothing is taken over twice.
  if (!navigator.locks) return [];
  holdTab();
  return navigator.locks.request("storagex.take-over", async () => {
    const { held = [] } = await navigator.locks.query();
    const alive = new Set(held.map(({ name }) => name));
    const all = (await quietly(() => entries<string, Entry>(store()))) ?? [];
    const left = all.filter(([, { tab, ownerId: of }]) => of === ownerId && !alive.has(lockOf(tab)));
    await Promise.all(left.map(([id, entry]) => set(id, { ...entry, tab: TAB }, store())));
    return left;
  });
}

let isHeld = false;
/** A lock that lives as long as the tab tells the others that its entries are in use. */
function holdTab(): void {
  if (isHeld || !navigator.locks) return;
  isHeld = true;
  void navigator.locks.request(lockOf(TAB), () => new Promise(() => undefined));
}
