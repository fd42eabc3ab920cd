/** Signs what a task may read: its source, and the results that its earlier attempts may have left. */
import { attemptPrefix, outputName, sourceKey } from "@storagex/contract/keys";
import type { LeftGrant, ReadGrant, SourceGrant } from "@storagex/contract/tasks/grants";
import type { Config } from "../../config.ts";
import type { StoredObject } from "../../db/stored-object.ts";
import { type Lifetime, signersOf } from "../../storage/presign.ts";
import { endOf, type Grantee, lifeOf } from "./grantee.ts";

/** Number of earlier attempts whose results a claim may look for. */
const LEFT = 3;

export async function read(config: Config, object: StoredObject, life: Lifetime): Promise<ReadGrant> {
  const url = await signersOf(config).worker.get(object.key, life);
  return { url, etag: object.etag, size: object.size, expiresAt: endOf(life) };
}

/**
 * The source, or the remux that `plan` made of it; for a poster the image, or the MP4. Says so where the source
 * is not one object yet: `partGrants` has its parts.
 */
export async function sourceGrant(config: Config, grantee: Grantee): Promise<SourceGrant> {
  const { ownerId, videoId, size, partSize, sourceEtag, mezzanine, kind, posterImage, mp4 } = grantee;
  const made = kind === "plan" ? null : ((kind === "poster" ? (posterImage ?? mp4) : null) ?? mezzanine);
  const source = { key: sourceKey(ownerId, videoId), size, etag: sourceEtag ?? "" };
  const grant = await read(config, made ?? source, lifeOf(kind));
  return made || sourceEtag !== null || partSize === null ? grant : { ...grant, parts: { partSize } };
}

/** Where the newest earlier attempts of this task would have left their results. */
export function leftResults(config: Config, grantee: Grantee): Promise<LeftGrant[]> {
  const earlier = Array.from(
    { length: Math.min(LEFT, grantee.attempt - 1) },
    (_, n) => grantee.attempt - 1 - n,
  );
  return Promise.all(
    earlier.map(async (attempt) => {
      const key = attemptPrefix({ ...grantee, attempt }) + outputName.result;
      return { attempt, url: await signersOf(config).worker.get(key, lifeOf(grantee.kind)) };
    }),
  );
}
