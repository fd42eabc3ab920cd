/** The Markdown of our own descriptions as HTML: paragraphs, `code`, **strong** and links within this page. */

import { PROBLEMS } from "@storagex/contract/problem";
import { escaped } from "@storagex/contract/text/html";

/** One paragraph. The code of a problem leads to what it means. */
export function inline(text: string): string {
  return escaped(text)
    .replaceAll(/`([^`]+)`/g, (_, code: string) => (code in PROBLEMS ? problemLink(code) : codeOf(code)))
    .replaceAll(/\*\*([^*]+)\*\*/g, "<strong>$1</strong>")
    .replaceAll(/\[([^\]]+)\]\(\/docs(#[\w.-]+)\)/g, '<a href="$2">$1</a>');
}

export const paragraphs = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${inline(paragraph)}</p>`)
    .join("\n");

/** `text` is HTML already. */
const codeOf = (text: string): string => `<code>${text}</code>`;

const problemLink = (code: string): string => `<a href="#problem-${code}">${codeOf(code)}</a>`;
