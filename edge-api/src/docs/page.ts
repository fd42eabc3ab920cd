/** The page of the API reference and of every problem code, with the dashboard's header. */
import { PROBLEMS } from "@storagex/contract/problem";

/** The HTML of `/docs`. It has no inline script or style: the policy would block them. */
export function docsPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API · StorageX</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<script src="/theme.js"></script>
<link rel="stylesheet" href="/docs/page.css">
</head>
<body>
<header>
<a class="mark" href="/" aria-label="StorageX library">Storage<span>X</span></a>
<nav aria-label="Places">
<a href="/">Library</a><a href="/docs#reference">Reference</a><a href="/docs#problems">Problems</a>
</nav>
</header>
<main id="problems" aria-labelledby="problems-title">
<h1 id="problems-title">Problems</h1>
<p>Every error is <code>application/problem+json</code>. Its <code>code</code> stays the same for ever; its
<code>type</code> leads here. <code>traceId</code> finds the request in the log.</p>
<dl>
${Object.entries(PROBLEMS).map(entryOf).join("\n")}
</dl>
</main>
<div id="reference"><div id="scalar"></div>
<noscript><p>The reference needs JavaScript; the document itself is <a href="/openapi.json">openapi.json</a>.</p></noscript>
</div>
<script src="/scalar/standalone.js" defer></script>
<script src="/docs/page.js" defer></script>
</body>
</html>
`;
}

function entryOf([code, { status, title, detail }]: [
  string,
  { status: number; title: string; detail: string },
]) {
  return `<div id="problem-${code}">
<dt><a href="/docs#problem-${code}">${code}</a> <b>${status}</b> ${escaped(title)}</dt>
<dd>${escaped(detail)}</dd>
</div>`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(/`([^`]+)`/g, "<code>$1</code>");
}
