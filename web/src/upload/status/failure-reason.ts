/** Why an upload stopped, as a sentence. */
import { reasonOf } from "../../api/api-error.ts";
import { t } from "../../messages/questions.ts";
import { t as uploads } from "../../messages/upload.ts";

const SENTENCES = { PutError: "storageRefused", UnreadableError: "unreadable" } as const;

export function failureReason(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "UnansweredError") return uploads("storageAway");
  return name in SENTENCES ? t(SENTENCES[name as keyof typeof SENTENCES]) : reasonOf(error);
}
