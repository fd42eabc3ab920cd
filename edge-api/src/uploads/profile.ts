/** Chooses the profile of a new video: what the ticket requests, within what the administrator allows. */

import type { TicketRequest } from "@storagex/contract/uploads/upload";
import { type Profile, type ProfileChoice, QUALITIES } from "@storagex/contract/videos/profile";
import type { Config } from "../config.ts";
import { problem } from "../problem/problem.ts";

type Asked = TicketRequest["profile"];
type Allowed = readonly ProfileChoice[];

const isAllowed = (allowed: Allowed, { quality, av1 }: NonNullable<Asked>): boolean =>
  allowed.includes(quality) && (!av1 || allowed.includes("av1"));

/**
 * Throws `upload.profile_not_allowed`. Without a request: what the account prefers, as long as it is allowed;
 * otherwise the first allowed quality, H.264 only.
 */
export function profileFor(
  { STORAGEX_PROFILES: allowed }: Pick<Config, "STORAGEX_PROFILES">,
  request: Asked,
  preferred: Asked | null = null,
): Profile {
  const asked = request ?? (preferred && isAllowed(allowed, preferred) ? preferred : undefined);
  const [standard] = allowed.filter((choice) => choice !== "av1");
  const quality = asked?.quality ?? standard;
  const av1 = asked?.av1 ?? false;
  if (quality === undefined || !isAllowed(allowed, { quality, av1 }))
    throw problem("upload.profile_not_allowed", { detail: `Allowed are ${allowed.join(", ")}.` });
  return { preset: QUALITIES[quality].preset, av1 };
}
