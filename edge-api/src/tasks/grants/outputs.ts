/** Signs what an attempt may write: keys under its own prefix. */
import { attemptPrefix, outputName } from "@storagex/contract/keys";
import type { MultipartGrant, OutputGrant, SingleGrant } from "@storagex/contract/tasks/grants";
import { TASK_KINDS } from "@storagex/contract/tasks/kinds";
import type { ProgressRequest } from "@storagex/contract/tasks/report";
import type { Config } from "../../config.ts";
import { signersOf } from "../../storage/presign.ts";
import { storageOf } from "../../storage/s3.ts";
import { endOf, type Grantee, lifeOf } from "./grantee.ts";

const MIB = 1024 * 1024;
/** Outputs granted in advance, whatever the source is. Workers request more by `want`. */
const PIECES_AHEAD = 4;
const POSTERS = 8;
const SHEETS = 8;

async function single(config: Config, grantee: Grantee, name: string): Promise<SingleGrant> {
  const life = lifeOf(grantee.kind);
  const url = await signersOf(config).worker.put(attemptPrefix(grantee) + name, life);
  return { name, url, expiresAt: endOf(life) };
}

type Want = { name: string; size: number; uploadId: string | null };

/**
 * A multipart upload for an output of `size` bytes: at most 200 parts, all equal but the last. For an upload
 * begun before, only the URLs are signed: the object store refuses them if the upload belongs to another key.
 */
async function multipart(
  config: Config,
  grantee: Grantee,
  { name, size, uploadId: begun }: Want,
): Promise<MultipartGrant> {
  const key = attemptPrefix(grantee) + name;
  const uploadId = begun ?? (await storageOf(config).createUpload(key));
  const partSize = Math.max(16 * MIB, Math.ceil(size / 200 / MIB) * MIB);
  const life = lifeOf(grantee.kind);
  const numbers = Array.from({ length: Math.ceil(size / partSize) }, (_, index) => index + 1);
  const parts = await Promise.all(
    numbers.map(async (number) => {
      const length = Math.min(partSize, size - (number - 1) * partSize);
      const url = await signersOf(config).worker.part({ key, uploadId, number, length }, life);
      return { partNumber: number, url };
    }),
  );
  return { name, uploadId, partSize, parts, expiresAt: endOf(life) };
}

/** The outputs granted with a claim. */
export function firstOutputs(
  config: Config,
  grantee: Grantee & { pinnedPieces: number; hasPoster: boolean },
): Promise<SingleGrant[]> {
  const { kind, index, plan } = grantee;
  const names: string[] = [];
  if (kind === "encode") {
    for (const rung of plan?.rungs ?? []) names.push(outputName.chunk(rung.name, index));
    // The grant allows a poster and also requests one.
    if (!grantee.hasPoster) names.push(outputName.poster(0));
  }
  if (kind === "audio")
    for (let ahead = 0; ahead < PIECES_AHEAD; ahead += 1)
      names.push(outputName.audioPiece(index, grantee.pinnedPieces + ahead));
  if (kind === "finish") {
    for (let candidate = 0; candidate < POSTERS; candidate += 1) names.push(outputName.poster(candidate));
    for (let sheet = 0; sheet < SHEETS; sheet += 1) names.push(outputName.storyboard(sheet));
    // By text track number, because the worker names only tracks with content. It requests grants for
    // captions embedded in the frames by itself.
    for (const number of (plan?.source.text ?? []).keys()) names.push(outputName.captions(number));
  }
  if (kind === "poster") names.push(outputName.poster(0));
  names.push(outputName.result);
  return Promise.all(names.map((name) => single(config, grantee, name)));
}

/**
 * Maximum size that a worker may request. A remux of the stored source, including the index of a long video,
 * is never this large.
 */
const maxBytes = (storedBytes: number) => 2 * storedBytes + 64 * MIB;

/** Grants for the requested outputs, without names that this kind of task does not write and absurd sizes. */
export function expectedOutputs(
  config: Config,
  grantee: Grantee & { storedBytes: number },
  want: ProgressRequest["want"],
): Promise<OutputGrant[]> {
  const allowed = want.filter(
    ({ name, size }) =>
      TASK_KINDS[grantee.kind].outputs.test(name) && (size ?? 0) <= maxBytes(grantee.storedBytes),
  );
  return Promise.all(
    allowed.map(({ name, size, uploadId }) =>
      size === null ? single(config, grantee, name) : multipart(config, grantee, { name, size, uploadId }),
    ),
  );
}
