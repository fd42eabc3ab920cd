/** What is asked before an upload goes another way than the person may expect, and for an import; answered in a dialog. */
import { createSignal } from "solid-js";
import type { ChosenFile } from "./store.ts";

export type Question =
  /** Another file was chosen than the upload of `name` needs; `again` opens the file dialog once more. */
  | { kind: "other-file"; name: string; size: number; file: File; again: () => void }
  /** These are in the library already. */
  | { kind: "again"; files: readonly ChosenFile[] }
  /** `stored` bytes of `size` are lost when the upload is cancelled. */
  | { kind: "cancel"; name: string; stored: number; size: number; cancel: () => void }
  /** The address of a video that the server fetches. */
  | { kind: "import" }
  /** Signing out stops what is being sent. */
  | { kind: "sign-out"; signOut: () => void };

const [question, setQuestion] = createSignal<Question>();

export { question };

export const ask = (next: Question): void => void setQuestion(next);

export const answered = (): void => void setQuestion(undefined);
