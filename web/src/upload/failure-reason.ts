/** Why an upload stopped, as a sentence. */
import { reasonOf } from "../api/api-error.ts";
import { t } from "../messages/upload.ts";

/** By the names of errors: their classes come with the engine. */
const SENTENCES = {
  PutError: "storageRefused",
  UnansweredError: "storageSilent",
  UnreadableError: "unreadable",
} as const;

export function failureReason(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  return name in SENTENCES ? t(SENTENCES[name as keyof typeof SENTENCES]) : reasonOf(error);
}
