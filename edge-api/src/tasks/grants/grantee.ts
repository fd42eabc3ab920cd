/** Whom grants are signed for, and for how long. */
import { TASK_KINDS, type TaskKind } from "@storagex/contract/tasks/kinds";
import type { Plan } from "@storagex/contract/tasks/plan";
import type { StoredObject } from "../../db/stored-object.ts";
import { URL_MARGIN } from "../../lifecycle/limits.ts";
import type { Lifetime } from "../../storage/presign.ts";

/** The task attempt that gets the grants. */
export type Grantee = {
  ownerId: string;
  videoId: string;
  generation: number;
  taskId: string;
  attempt: number;
  kind: TaskKind;
  index: number;
  size: number;
  /** Bytes of each part but the last; null for rows of an earlier release, whose sources are one object. */
  partSize: number | null;
  /** Null while the source is not one object yet. */
  sourceEtag: string | null;
  mezzanine: StoredObject | null;
  mp4: StoredObject | null;
  /** The uploaded image of a poster's task; null where it takes a frame of the MP4. */
  posterImage: StoredObject | null;
  plan: Plan | null;
};

export const lifeOf = (kind: TaskKind): Lifetime => ({
  at: new Date(),
  expires: TASK_KINDS[kind].hardLimit + URL_MARGIN,
});
export const endOf = ({ at, expires }: Lifetime) => new Date(at.getTime() + expires * 1000).toISOString();
