/** A task is one unit of work. */
import { z } from "zod";

export const TASK_KINDS = ["plan", "encode", "audio", "finish"] as const;
export const taskKindSchema = z.enum(TASK_KINDS);
export type TaskKind = z.infer<typeof taskKindSchema>;
