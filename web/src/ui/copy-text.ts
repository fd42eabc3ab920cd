/** Puts a text into the clipboard, also where pages have none: it is closed to those of plain http. */

/** Whether it is there. Called while somebody presses something, or browsers refuse. */
export async function copyText(text: string): Promise<boolean> {
  // Undefined outside of secure contexts, whatever the DOM's types say.
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard) {
    return clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  let isTaken = false;
  const take = (event: ClipboardEvent) => {
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    isTaken = true;
  };
  document.addEventListener("copy", take);
  // Deprecated for the clipboard that is missing here.
  document.execCommand("copy");
  document.removeEventListener("copy", take);
  return isTaken;
}
