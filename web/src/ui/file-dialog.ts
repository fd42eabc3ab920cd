/** The system's dialog for files, opened by a button. */

/** The dialog's, until the next one: browsers keep none that is not in a page, and drop what is chosen by it then. */
let input: HTMLInputElement;

/** Opens it for one file or `multiple`, of those that `accept` lists (all, where it is empty). */
export function openFileDialog(accept: string, take: (files: File[]) => void, multiple = false): void {
  const onchange = () => take([...(input.files ?? [])]);
  input = Object.assign(document.createElement("input"), { type: "file", accept, multiple, onchange });
  input.click();
}
