/** A task is one unit of work. */
import { z } from "zod";

/** `poster` makes the image that an owner chose for a completed video; the others process the source. */
export const TASK_KINDS = ["plan", "encode", "audio", "finish", "poster"] as const;
export const taskKindSchema = z.enum(TASK_KINDS);
export type TaskKind = z.infer<typeof taskKindSchema>;
