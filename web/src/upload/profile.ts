/**
 * How the next uploads are encoded, as this person last chose; only what the administrator allows is offered.
 */
import type { ProfileChoice, Quality } from "@storagex/contract/profile";
import type { TicketRequest } from "@storagex/contract/upload";
import { createSignal } from "solid-js";
import { me } from "../api/session.ts";

export type Chosen = NonNullable<TicketRequest["profile"]>;

const [chosen, choose] = createSignal<Chosen>();

export { choose };

const allowed = (): readonly ProfileChoice[] => me()?.profiles ?? [];

/** The qualities to choose from, the default first. */
export const qualities = (): Quality[] => allowed().flatMap((choice) => (choice === "av1" ? [] : [choice]));

export const isAv1Allowed = (): boolean => allowed().includes("av1");

/** What a ticket asks for; undefined leaves it to the server. */
export function profile(): Chosen | undefined {
  const wanted = chosen();
  const first = qualities()[0];
  if (!wanted || !first) return undefined;
  return {
    quality: qualities().includes(wanted.quality) ? wanted.quality : first,
    av1: wanted.av1 && isAv1Allowed(),
  };
}
