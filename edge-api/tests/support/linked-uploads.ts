/** Upload links and uploads by them, on the shared fixture. */
import { type LinkedTicket, linkedTicketSchema } from "@storagex/contract/uploads/upload";
import {
  shownUploadLinkSchema,
  type UploadLink,
  uploadLinkPageSchema,
  uploadLinkSchema,
} from "@storagex/contract/uploads/upload-links";
import { expect } from "vitest";
import { problemOf } from "./client.ts";
import { eventually } from "./eventually.ts";
import type { Person } from "./person.ts";
import { ann, edge } from "./shared-pipeline.ts";
import { planOf } from "./worker.ts";

export const send = (token: string, method: string, path: string, body?: unknown, headers = {}) =>
  fetch(edge.url + path, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { "content-type": "application/json" }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

export const FILE = { filename: "holiday.mp4", size: 1_000, contentType: "video/mp4" };
/** Fields that only the owner sees. */
export const OWNERS = ["ownerId", "metadata", "externalId", "tags"];

export async function newLink(person: Person, body: Record<string, unknown> = {}): Promise<UploadLink> {
  const answer = await person.call("POST", "/v1/upload-links", body);
  if (answer.status !== 201) throw new Error(`link: ${answer.status} ${await answer.text()}`);
  return uploadLinkSchema.parse(await answer.json());
}
export const begin = (link: UploadLink, more: Record<string, unknown> = {}, headers = {}) =>
  send(link.token, "POST", "/v1/videos", { ...FILE, ...more }, headers);
export const ticketBy = async (link: UploadLink, more = {}): Promise<LinkedTicket> => {
  const answer = await begin(link, more);
  if (answer.status !== 201) throw new Error(`ticket: ${answer.status} ${await answer.text()}`);
  return linkedTicketSchema.parse(await answer.json());
};
export const putPart = async ({ upload }: LinkedTicket) =>
  expect((await fetch(upload.parts[0]?.url ?? "", { method: "PUT", body: new Uint8Array(1_000) })).ok).toBe(
    true,
  );
export const complete = ({ video, token }: LinkedTicket) =>
  send(token, "POST", `/v1/videos/${video.id}/complete`, {});
export const listed = async (person: Person) =>
  uploadLinkPageSchema.parse(await (await person.call("GET", "/v1/upload-links")).json()).items;
export const usedOf = async (person: Person, { id }: UploadLink) =>
  (await listed(person)).find((link) => link.id === id)?.used;
export const shown = async ({ token }: UploadLink) =>
  shownUploadLinkSchema.parse(await (await fetch(`${edge.url}/v1/linked/${token}`)).json());
export const codeOf = async (answer: Response | Promise<Response>) => (await problemOf(await answer)).code;

/** Completes every task of the video as it appears. */
export async function encode(id: string): Promise<void> {
  const plan = planOf(2);
  await eventually(async () => {
    for (const { id: taskId, state } of await edge.tasks(id))
      if (state === "queued") await edge.worker.work(taskId, plan);
    if ((await ann.video(id)).status !== "completed") throw new Error("not completed yet");
  });
}
