/** The page of the API reference: every call, schema and problem as plain HTML, in the dashboard's dress. */

import { PROBLEMS } from "@storagex/contract/problem";
import { escaped } from "@storagex/contract/text/html";
import { inline, paragraphs } from "./markdown.ts";
import { type OpenApi, openApi } from "./openapi.ts";
import { idOf, type Operation, operationHtml, operationsOf, schemaOf } from "./operations.ts";
import { fieldsOf, type Schema, typeOf } from "./schema.ts";

let page: string | undefined;

/** The HTML of `/docs`, built once per isolate. It has no inline script or style: the policy would block them. */
export function docsPage(): string {
  page ??= htmlOf(openApi());
  return page;
}

type Section = { id: string; name: string; description: string; operations: Operation[] };

function sectionsOf(document: OpenApi): Section[] {
  const all = operationsOf(document);
  return (document.tags ?? []).map(({ name, description = "" }) => ({
    id: name.toLowerCase().replaceAll(/\W+/g, "-"),
    name,
    description,
    operations: all.filter(({ declared }) => declared.tags?.includes(name)),
  }));
}

function htmlOf(document: OpenApi): string {
  const schemas = document.components?.schemas ?? {};
  const sections = sectionsOf(document);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="preload" href="/fonts/archivo.woff2" as="font" type="font/woff2" crossorigin>
<link rel="preload" href="/fonts/mono.woff2" as="font" type="font/woff2" crossorigin>
<title>API · StorageX</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<script src="/theme.js"></script>
<link rel="stylesheet" href="/docs/page.css">
<script src="/docs/page.js" defer></script>
</head>
<body>
<a class="skip" href="#reference">To the content</a>
<header>
<a class="mark" href="/" aria-label="StorageX library">Storage<span>X</span></a>
<nav aria-label="Main"><a href="/">Library</a><a href="/docs" aria-current="page">API</a></nav>
<button type="button" id="theme" aria-label="Use dark theme" hidden>${THEME_ICON}</button>
</header>
<div class="columns">
<nav aria-label="Contents" class="contents">
${sections.map(contentsOf).join("\n")}
<p><a href="#webhook-events">Events</a></p>
<p><a href="#schemas">Schemas</a></p>
<p><a href="#problems">Problems</a></p>
</nav>
<main id="reference" tabindex="-1">
<h1>API</h1>
${paragraphs(document.info.description ?? "")}
<p>The same as a document for programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
${sections.map((section) => sectionHtml(section, schemas)).join("\n")}
<section id="webhook-events"><h2>Events</h2>
<p>What an endpoint of a webhook is sent: <code>{type, timestamp, data}</code>, signed as Standard Webhooks says.</p>
<dl class="problems">
${Object.entries(document.webhooks ?? {})
  .map(([type, item]) => eventHtml(type, item))
  .join("\n")}
</dl>
</section>
<section id="schemas"><h2>Schemas</h2>
${Object.entries(schemas)
  .map(([name, schema]) => schemaHtml(name, schema))
  .join("\n")}
</section>
<section id="problems"><h2>Problems</h2>
<p>Every error is <code>application/problem+json</code>. Its <code>code</code> stays the same for ever; its
<code>type</code> leads here. <code>traceId</code> finds the request in the log.</p>
<dl class="problems">
${Object.entries(PROBLEMS).map(problemHtml).join("\n")}
</dl>
</section>
</main>
</div>
</body>
</html>
`;
}

const THEME_ICON =
  '<svg viewBox="0 0 24 24" width="18" height="18" fill="currentColor" aria-hidden="true"><path d="M14 2A10 10 0 1 0 22 15.5 8 8 0 0 1 14 2z"/></svg>';

const contentsOf = ({ id, name, operations }: Section): string =>
  `<p><a href="#${id}">${escaped(name)}</a></p>
<ul>${operations
    .map((operation) => {
      const { method, declared } = operation;
      const words = escaped(declared.summary ?? idOf(operation));
      return `<li><a href="#${idOf(operation)}"><b>${method}</b> <span>${words}</span></a></li>`;
    })
    .join("")}</ul>`;

const sectionHtml = (
  { id, name, description, operations }: Section,
  schemas: Parameters<typeof operationHtml>[1],
): string =>
  `<section id="${id}"><h2>${escaped(name)}</h2>
<p>${inline(description)}</p>
${operations.map((operation) => operationHtml(operation, schemas)).join("\n")}
</section>`;

function schemaHtml(name: string, schema: Schema): string {
  const fields = fieldsOf(schema);
  const description =
    "description" in schema && schema.description ? `<p>${inline(schema.description)}</p>` : "";
  return `<details class="schema" id="schema-${name}"><summary><code>${name}</code></summary>
${description}${fields || `<p>${typeOf(schema)}</p>`}</details>`;
}

function eventHtml(type: string, item: NonNullable<OpenApi["webhooks"]>[string]): string {
  const declared = "post" in item ? item.post : undefined;
  const body = declared && schemaOf(declared);
  const data = body && "properties" in body ? body.properties?.data : undefined;
  return `<div id="event-${type}">
<dt><a href="#event-${type}">${type}</a> ${escaped(declared?.summary ?? "")}</dt>
<dd>${inline(declared?.description ?? "")}${data ? ` <code>data</code>: ${typeOf(data)}` : ""}</dd>
</div>`;
}

function problemHtml([code, { status, title, detail }]: [
  string,
  { status: number; title: string; detail: string },
]): string {
  return `<div id="problem-${code}">
<dt><a href="#problem-${code}">${code}</a> <b>${status}</b> ${escaped(title)}</dt>
<dd>${inline(detail)}</dd>
</div>`;
}
