/** The sites of a form's field: what people type becomes the origins that the API takes. */

/** `wrong` is the first entry that names no site. An entry without a scheme is meant as https. */
export function originsIn(text: string): { origins: string[]; wrong: string | undefined } {
  const entries = text.split(/[\s,]+/).filter(Boolean);
  const origins = entries.map((entry) => originOf(entry.includes("://") ? entry : `https://${entry}`));
  const known = origins.filter((origin) => origin !== undefined);
  return { origins: [...new Set(known)], wrong: entries[origins.indexOf(undefined)] };
}

function originOf(text: string): string | undefined {
  const url = URL.parse(text);
  const isSite = url && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`;
  return isSite && !url.origin.includes("*") ? url.origin : undefined;
}
