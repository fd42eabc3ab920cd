/** The upload that this browser began by a link: found again after a reload. One of each link. */

/** `key`: the Idempotency-Key of its ticket, which a lost answer leaves without `ticket`. */
export type RememberedUpload = {
  key: string;
  title: string;
  name: string;
  size: number;
  lastModified: number;
  ticket: { videoId: string; token: string } | null;
};

const nameOf = (link: string) => `storagex.linked.${link}`;

export function remember(link: string, remembered: RememberedUpload): void {
  try {
    localStorage.setItem(nameOf(link), JSON.stringify(remembered));
  } catch {
    // Storage is blocked or full: a reload begins anew.
  }
}

export function forget(link: string): void {
  try {
    localStorage.removeItem(nameOf(link));
  } catch {
    // Nothing was remembered.
  }
}

export function readRemembered(link: string): RememberedUpload | undefined {
  try {
    const remembered: unknown = JSON.parse(localStorage.getItem(nameOf(link)) ?? "null");
    return isRemembered(remembered) ? remembered : undefined;
  } catch {
    return undefined;
  }
}

function isRemembered(value: unknown): value is RememberedUpload {
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
export const isSameFile = (remembered: RememberedUpload, file: File): boolean =>
  remembered.name.normalize("NFC") === file.name.normalize("NFC") &&
  remembered.size === file.size &&
  remembered.lastModified === file.lastModified;
