/** Chooses the profile of a new video: what the ticket requests, within what the administrator allows. */
import { type Profile, QUALITIES } from "@storagex/contract/profile";
import type { TicketRequest } from "@storagex/contract/upload";
import type { Config } from "../config.ts";
import { problem } from "../problem/problem.ts";

/** Throws `upload.profile_not_allowed`. Without a request: the first allowed quality, H.264 only. */
export function profileFor(
  { STORAGEX_PROFILES: allowed }: Pick<Config, "STORAGEX_PROFILES">,
  asked: TicketRequest["profile"],
): Profile {
  const [standard] = allowed.filter((choice) => choice !== "av1");
  const quality = asked?.quality ?? standard;
  const av1 = asked?.av1 ?? false;
  if (quality === undefined || !allowed.includes(quality) || (av1 && !allowed.includes("av1")))
    throw problem("upload.profile_not_allowed", { detail: `Allowed are ${allowed.join(", ")}.` });
  return { preset: QUALITIES[quality].preset, av1 };
}
