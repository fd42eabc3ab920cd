/** A user of the API: signs up, uploads, calls routes. Contract's schemas parse the responses. */
import { type Session, tokenSchema, userSchema } from "@storagex/contract/accounts/account";
import { type Ticket, ticketSchema } from "@storagex/contract/uploads/upload";
import { type VideoDetail, videoDetailSchema } from "@storagex/contract/videos/video";
import { refresh, refreshTokenOf, register } from "./client.ts";
import { newSigned } from "./direct-rows.ts";
import type { Edge } from "./harness.ts";

export type Person = ReturnType<typeof personOf>;

export const newPerson = async (url: string) => personOf(url, await register(url));

/** The same by rows: no password is hashed. */
export async function newPersonByRows(edge: Edge): Promise<Person> {
  const { accessToken, refreshToken } = await newSigned(edge);
  const answer = await fetch(`${edge.url}/v1/me`, { headers: { authorization: `Bearer ${accessToken}` } });
  return personOf(edge.url, { accessToken, refreshToken, user: userSchema.parse(await answer.json()) });
}

/** An access token of five minutes is renewed after this time: on a busy machine a file of tests takes longer. */
const RENEW_MS = 200_000;

/** A signed-in user; for as long as the test takes, if their refresh token is known. */
export function personOf(
  url: string,
  { user, ...signed }: Pick<Session, "accessToken" | "user"> & { refreshToken?: string },
) {
  let { accessToken, refreshToken } = signed;
  let renewAt = Date.now() + RENEW_MS;

  async function renew(token: string): Promise<void> {
    renewAt = Date.now() + RENEW_MS;
    const answer = await refresh(url, token);
    // Their session has ended: what they call then is to say so.
    if (!answer.ok) return;
    accessToken = tokenSchema.parse(await answer.json()).accessToken;
    refreshToken = refreshTokenOf(answer);
  }

  async function call(method: string, path: string, body?: unknown): Promise<Response> {
    if (refreshToken !== undefined && Date.now() > renewAt) await renew(refreshToken);
    return fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  }

  async function ticket(size: number, more: Record<string, unknown> = {}): Promise<Ticket> {
    const answer = await call("POST", "/v1/videos", {
      filename: "holiday.mp4",
      size,
      contentType: "video/mp4",
      ...more,
    });
    if (answer.status !== 201) throw new Error(`ticket: ${answer.status} ${await answer.text()}`);
    return ticketSchema.parse(await answer.json());
  }

  /** Uploads every part that the ticket includes, filled with zeros. */
  async function putParts({ upload, video }: Ticket): Promise<void> {
    for (const { partNumber, url: address } of upload.parts) {
      const length = Math.min(upload.partSize, video.size - (partNumber - 1) * upload.partSize);
      const answer = await fetch(address, { method: "PUT", body: new Uint8Array(length) });
      if (!answer.ok) throw new Error(`part ${partNumber}: ${answer.status} ${await answer.text()}`);
    }
  }

  /** A queued video of `size` bytes. */
  async function uploaded(size = 1000, more: Record<string, unknown> = {}): Promise<string> {
    const made = await ticket(size, more);
    await putParts(made);
    const answer = await call("POST", `/v1/videos/${made.video.id}/complete`, {});
    if (answer.status !== 200) throw new Error(`complete: ${answer.status} ${await answer.text()}`);
    return made.video.id;
  }

  async function video(id: string): Promise<VideoDetail> {
    const answer = await call("GET", `/v1/videos/${id}`);
    if (answer.status !== 200) throw new Error(`video: ${answer.status}`);
    return videoDetailSchema.parse(await answer.json());
  }

  return {
    user,
    get accessToken() {
      return accessToken;
    },
    ...{ call, ticket, putParts, uploaded, video },
  };
}
