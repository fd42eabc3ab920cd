/** The system's dialog for files, opened by a button. */

/** Kept until the next one: browsers collect an input that is in no page while its dialog is open, and lose the choice. */
let input: HTMLInputElement;

/** Opens it for one file or `multiple`, of those that `accept` lists (all, where it is empty). */
export function openFileDialog(accept: string, take: (files: File[]) => void, multiple = false): void {
  const onchange = () => take([...(input.files ?? [])]);
  input = Object.assign(document.createElement("input"), { type: "file", accept, multiple, onchange });
  input.click();
}
