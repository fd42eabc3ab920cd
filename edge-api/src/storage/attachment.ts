/** The `Content-Disposition` of a signed URL. */

/** RFC 6266 with the name as in RFC 8187, 3.2: whole characters only, and none that would end the value. */
export function dispositionOf(how: "inline" | "attachment", name: string): string {
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `${how}; filename*=UTF-8''${encoded}`;
}

/** Characters of a name before its ending: file systems allow 255 bytes. */
const MAX_NAME = 120;
/** The last dot and what follows it, if that looks like an ending. */
const ENDING = /\.[^./\\]{1,10}$/u;

/** A name of ours or a client's without folders, cut before its ending if it is long. */
export function fileNameStart(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/).at(-1) || "video";
  const ending = ENDING.exec(last)?.[0] ?? "";
  return [...last.slice(0, last.length - ending.length)].slice(0, MAX_NAME).join("") + ending;
}
