/** The upload that this browser began by a link: found again after a reload. One of each link. */

/** `key`: the Idempotency-Key of its ticket, which a lost answer leaves without `ticket`. */
export type Kept = {
  key: string;
  title: string;
  name: string;
  size: number;
  lastModified: number;
  ticket: { videoId: string; token: string } | null;
};

const nameOf = (link: string) => `storagex.linked.${link}`;

export function keep(link: string, kept: Kept): void {
  try {
    localStorage.setItem(nameOf(link), JSON.stringify(kept));
  } catch {
    // Storage is blocked or full: a reload begins anew.
  }
}

export function forget(link: string): void {
  try {
    localStorage.removeItem(nameOf(link));
  } catch {
    // Nothing was kept.
  }
}

export function readKept(link: string): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(nameOf(link)) ?? "null");
    return isKept(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null) return false;
  const { key, title, name, size, lastModified, ticket } = value as Record<string, unknown>;
  const texts = [key, title, name].every((each) => typeof each === "string");
  const numbers = [size, lastModified].every((each) => typeof each === "number");
  return texts && numbers && (ticket === null || isTicket(ticket));
}

function isTicket(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { videoId, token } = value as Record<string, unknown>;
  return typeof videoId === "string" && typeof token === "string";
}

/** Whether it is the file that the upload began with. The API keeps names in Unicode's form C, a Mac gives form D. */
export const isSameFile = (kept: Kept, file: File): boolean =>
  kept.name.normalize("NFC") === file.name.normalize("NFC") &&
  kept.size === file.size &&
  kept.lastModified === file.lastModified;
