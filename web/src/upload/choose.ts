/** Lets a person choose files, and keeps the reasons for those that were refused. */
import { createSignal } from "solid-js";
import { ACCEPT } from "./accept.ts";
import { addFiles } from "./uploads.ts";

const [refusals, setRefusals] = createSignal<readonly string[]>([]);

export { refusals };

export const clearRefusals = () => setRefusals([]);

/** Takes files from a drop or a file dialog. */
export async function takeFiles(files: readonly File[]): Promise<void> {
  setRefusals(await addFiles(files));
}

/** Opens the system's file dialog. */
export function chooseFiles(): void {
  const input = document.createElement("input");
  input.type = "file";
  input.multiple = true;
  input.accept = ACCEPT;
  input.addEventListener("change", () => void takeFiles([...(input.files ?? [])]));
  input.click();
}
