/** What every call answers that fails. */
import { problemSchema } from "@storagex/contract/problem";
import type { AnswerOf } from "./answer.ts";

export const problem: AnswerOf<typeof problemSchema> = problemSchema;
