/**
 * A user of the public API: registers, uploads, waits, plays. Everything goes over HTTP, as from an
 * integration.
 */
import { randomBytes } from "node:crypto";
import { open, stat } from "node:fs/promises";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { meSchema, sessionSchema, tokenSchema } from "@storagex/contract/accounts/account";
import { problemSchema } from "@storagex/contract/problem";
import { partUrlsSchema, type Ticket, ticketSchema } from "@storagex/contract/uploads/upload";
import { type PlayablePlayback, playablePlaybackSchema } from "@storagex/contract/videos/playback";
import { type VideoDetail, videoDetailSchema, videoSchema } from "@storagex/contract/videos/video";

export const PASSWORD = "a long enough password";

export type Person = Awaited<ReturnType<typeof register>>;

/**
 * Creates an account on the stack at `url()`; `url` is called each time, so that a restarted stack is found.
 */
export async function register(url: () => string) {
  const email = `${randomBytes(6).toString("hex")}@example.test`;
  const ask = () =>
    fetch(`${url()}/v1/auth/register`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url() },
      body: JSON.stringify({ email, password: PASSWORD }),
    });
  let answer = await ask();
  // Passwords are hashed one at a time: on a busy machine the line is long.
  while (answer.status === 429) {
    await sleep(Number(answer.headers.get("retry-after")) * 1000);
    answer = await ask();
  }
  if (answer.status !== 201) throw new Error(`register: ${answer.status} ${await answer.text()}`);
  const cookie = () => cookies;
  let cookies = answer.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const session = sessionSchema.parse(await answer.json());
  let token = session.accessToken;
  let tokenUntil = Date.now() + session.expiresIn * 1000;

  async function refresh(): Promise<void> {
    const renewed = await fetch(`${url()}/v1/auth/refresh`, {
      method: "POST",
      headers: { cookie: cookies, origin: url() },
    });
    if (renewed.status !== 200) throw new Error(`refresh: ${renewed.status} ${await renewed.text()}`);
    cookies = renewed.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const next = tokenSchema.parse(await renewed.json());
    token = next.accessToken;
    tokenUntil = Date.now() + next.expiresIn * 1000;
  }

  /** One call; the caller reads the response's body. */
  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    if (Date.now() > tokenUntil - 30_000) await refresh();
    return fetch(`${url()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  return { user: session.user, email, call, refresh, cookie, token: () => token };
}

/** Expects `status` and returns the parsed JSON; throws with the problem otherwise. */
export async function expectJson(answer: Response, status: number): Promise<unknown> {
  const text = await answer.text();
  if (answer.status !== status)
    throw new Error(`expected ${status}, got ${answer.status}: ${text.slice(0, 500)}`);
  return text === "" ? null : JSON.parse(text);
}

/** The problem of a refused call. */
export async function problemOf(answer: Response) {
  return problemSchema.parse(await answer.json());
}

/** A ticket for a file of `size` bytes. */
export async function ticket(
  person: Person,
  filename: string,
  size: number,
  contentType = "video/mp4",
): Promise<Ticket> {
  const answer = await person.call("POST", "/v1/videos", { filename, size, contentType });
  return ticketSchema.parse(await expectJson(answer, 201));
}

/** PUTs every part of the file to its URL, and asks for further URLs where the ticket did not bring them. */
export async function putParts(person: Person, granted: Ticket, path: string): Promise<void> {
  const { size } = await stat(path);
  const { partSize, partCount } = granted.upload;
  const urls = new Map(granted.upload.parts.map((part) => [part.partNumber, part.url]));
  await using file = await open(path);
  for (let number = 1; number <= partCount; number += 1) {
    if (!urls.has(number)) {
      const partNumbers = Array.from(
        { length: Math.min(20, partCount - number + 1) },
        (_, at) => number + at,
      );
      const more = await person.call("POST", `/v1/videos/${granted.video.id}/upload/parts`, { partNumbers });
      for (const part of partUrlsSchema.parse(await expectJson(more, 200)).parts)
        urls.set(part.partNumber, part.url);
    }
    const length = Math.min(partSize, size - (number - 1) * partSize);
    const bytes = new Uint8Array(length);
    await file.read(bytes, 0, length, (number - 1) * partSize);
    const put = await fetch(urls.get(number) ?? "", { method: "PUT", body: bytes });
    if (!put.ok) throw new Error(`part ${number}: ${put.status} ${await put.text()}`);
  }
}

/** Uploads a whole file and completes it; returns the video's id. */
export async function upload(person: Person, path: string, filename = basename(path)): Promise<string> {
  const granted = await ticket(person, filename, (await stat(path)).size);
  await putParts(person, granted, path);
  const completed = await person.call("POST", `/v1/videos/${granted.video.id}/complete`, {});
  videoSchema.parse(await expectJson(completed, 200));
  return granted.video.id;
}

export async function read(person: Person, id: string): Promise<VideoDetail> {
  return videoDetailSchema.parse(await expectJson(await person.call("GET", `/v1/videos/${id}`), 200));
}

/** Waits until `wanted` holds, through connection errors (a service was killed). Throws after `seconds`. */
export async function until(
  person: Person,
  id: string,
  wanted: (video: VideoDetail) => boolean,
  seconds = 600,
): Promise<VideoDetail> {
  const began = Date.now();
  const deadline = began + seconds * 1000;
  let last: unknown = "nothing was read";
  while (Date.now() < deadline) {
    try {
      const video = await read(person, id);
      last = video;
      if (wanted(video)) return video;
    } catch (error) {
      last = error;
    }
    // Asking costs the product work: the longer it takes, the more seldom.
    await sleep(Math.min(1_000, Math.max(100, (Date.now() - began) / 8)));
  }
  throw new Error(`not reached within ${seconds} s: ${JSON.stringify(last, null, 1)} ${String(last)}`);
}

export const ended = (video: VideoDetail) => video.status === "completed" || video.status === "failed";

export async function playback(person: Person, id: string): Promise<PlayablePlayback> {
  return playablePlaybackSchema.parse(
    await expectJson(await person.call("GET", `/v1/videos/${id}/playback`), 200),
  );
}

export async function me(person: Person) {
  return meSchema.parse(await expectJson(await person.call("GET", "/v1/me"), 200));
}
