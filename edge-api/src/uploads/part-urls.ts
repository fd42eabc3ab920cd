/** Signs part URLs: at most 20 at a time, each bound to its exact length and its ticket's lifetime. */
import { partKey, sourceKey } from "@storagex/contract/keys";
import {
  PARTS_PER_ANSWER,
  type PartLayout,
  partCountOf,
  partLength,
} from "@storagex/contract/uploads/upload-parts";
import type { Config } from "../config.ts";
import { problem } from "../problem/problem.ts";
import { type Lifetime, type Signer, signersOf } from "../storage/presign.ts";
import type { PartsTo } from "./open-upload.ts";

type PartUrl = { partNumber: number; url: string; expiresAt: string };
export type OpenTicket = PartLayout & PartsTo & { id: string; ownerId: string; ticketExpiresAt: string };

/** URLs for the given parts, for whoever the `signer` is. Throws `upload.part_out_of_range`. */
export async function signParts(
  config: Config,
  ticket: OpenTicket,
  partNumbers: readonly number[],
  signer: Signer = signersOf(config).browser,
): Promise<PartUrl[]> {
  const count = partCountOf(ticket);
  const wanted = [...new Set(partNumbers)].sort((a, b) => a - b);
  if (wanted.some((number) => number > count))
    throw problem("upload.part_out_of_range", { detail: `Part numbers run from 1 to ${count}.` });
  const at = new Date();
  const left = Math.floor((Date.parse(ticket.ticketExpiresAt) - at.getTime()) / 1000);
  const expires = Math.max(1, Math.min(config.STORAGEX_PART_URL_SECONDS, left));
  const expiresAt = new Date(at.getTime() + expires * 1000).toISOString();
  return Promise.all(
    wanted.map(async (partNumber) => ({
      partNumber,
      url: await signPart(signer, ticket, partNumber, { at, expires }),
      expiresAt,
    })),
  );
}

function signPart(signer: Signer, ticket: OpenTicket, number: number, life: Lifetime): Promise<string> {
  const { ownerId, id } = ticket;
  const length = partLength(ticket, number);
  if (ticket.inObjects) return signer.put(partKey(ownerId, id, number), life, length);
  return signer.part({ key: sourceKey(ownerId, id), uploadId: ticket.uploadId, number, length }, life);
}

/** The part numbers whose URLs a new ticket includes. */
export const firstParts = (layout: PartLayout): number[] =>
  Array.from({ length: Math.min(PARTS_PER_ANSWER, partCountOf(layout)) }, (_, index) => index + 1);
