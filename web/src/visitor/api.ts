/** The calls of a visitor's page. It reads answers of our own Worker and needs no schema library for them. */
import type { ShownVideo } from "@storagex/contract/sharing";

export type { ShownVideo };
export type Answer =
  | { kind: "shown"; shown: ShownVideo }
  | { kind: "locked" }
  | { kind: "gone" }
  | { kind: "failed" };

/** The video afresh. `unlock` proves the password of a share that has one. */
export async function shownVideoPath(api: string, unlock: string | null): Promise<Answer> {
  const answer = await fetch(api, unlock === null ? {} : { headers: { "x-share-unlock": unlock } });
  if (answer.ok) return { kind: "shown", shown: await answer.json() };
  if (answer.status === 401) return { kind: "locked" };
  return { kind: [403, 404].includes(answer.status) ? "gone" : "failed" };
}

export type Unlocked =
  | { kind: "unlocked"; unlock: string }
  | { kind: "wrong" }
  | { kind: "later"; seconds: number }
  | { kind: "failed" };

/** Sends the password of a share. */
export async function sendPassword(path: string, password: string): Promise<Unlocked> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify({ password }) });
  if (answer.ok) {
    const { unlock }: { unlock: string } = await answer.json();
    return { kind: "unlocked", unlock };
  }
  if (answer.status === 429)
    return { kind: "later", seconds: Number(answer.headers.get("retry-after") ?? 60) };
  return { kind: answer.status === 401 || answer.status === 422 ? "wrong" : "failed" };
}
