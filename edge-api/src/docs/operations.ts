/** Every call of the API as HTML: what it needs, what it takes, what it answers. */

import { MAX_BYTES } from "@storagex/contract/routes/shared";
import { escaped } from "@storagex/contract/text/html";
import { commandOf } from "./example.ts";
import { inline } from "./markdown.ts";
import type { OpenApi } from "./openapi.ts";
import { fieldOf, fieldsOf, isRef, nameOf, type Schemas, typeOf } from "./schema.ts";

type PathItem = NonNullable<OpenApi["paths"]>[string];
type Declared = NonNullable<PathItem["get"]>;
export type Operation = { method: string; path: string; declared: Declared };

const METHODS = ["get", "post", "put", "patch", "delete"] as const;
const JSON_TYPE = "application/json";

/** The calls in the order in which they are declared. */
export const operationsOf = (document: OpenApi): Operation[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => (item[method] ? [{ method, path, declared: item[method] }] : [])),
  );

export const idOf = ({ declared }: Operation): string => declared.operationId ?? "";

export function operationHtml(operation: Operation, schemas: Schemas): string {
  const { method, path, declared } = operation;
  const id = idOf(operation);
  return `<article id="${id}">
<h3><a href="#${id}">${inline(declared.summary ?? id)}</a></h3>
<p class="call"><b>${method.toUpperCase()}</b> <code>${escaped(path).replaceAll("/", "/<wbr>")}</code></p>
<p class="mute">${needsOf(declared)}</p>
${declared.description ? `<p>${inline(declared.description)}</p>` : ""}
${parametersOf(declared)}
${bodyOf(declared, schemas)}
<h4>Answers</h4>
<dl class="answers">${answersOf(declared)}</dl>
<details><summary>As a command</summary><div class="command"><pre tabindex="0"><code>${escaped(
    commandOf(
      { method, path, needsToken: "bearer" in (declared.security?.[0] ?? {}), body: schemaOf(declared) },
      schemas,
    ),
  )}</code></pre><button type="button" data-copy>Copy</button></div></details>
</article>`;
}

/** Who may call it, in words. */
function needsOf(declared: Declared): string {
  const scopes = declared.security?.find((each) => "apiKey" in each)?.apiKey;
  if (!scopes) return personsNeeds(declared);
  const [scope] = scopes;
  const key = scope ? `an API key with <code>${escaped(scope)}</code>` : "any API key";
  return `${personsNeeds(declared).slice(0, -1)}, or ${[key, ...linksOf(declared)].join(", or ")}.`;
}

const linksOf = ({ security = [] }: Declared): string[] => [
  ...(security.some((each) => "uploadLink" in each) ? ["an upload link"] : []),
  ...(security.some((each) => "videoToken" in each)
    ? ["the token of this video, if it came by an upload link"]
    : []),
];

function personsNeeds({ security = [] }: Declared): string {
  const [first] = security;
  if (!first) return "Anybody may call it.";
  if ("refreshCookie" in first) return "With the refresh cookie.";
  const roles = first.bearer ?? [];
  if (roles.includes("admin")) return "With an administrator's access token.";
  if (roles.includes("owner")) return "With the access token of the video's owner or of an administrator.";
  return "With an access token.";
}

function parametersOf({ parameters = [] }: Declared): string {
  const rows = parameters.flatMap((parameter) => {
    if ("$ref" in parameter) return [];
    const { name, in: place, schema = {}, required = false, description } = parameter;
    return [
      fieldOf(place === "path" ? `{${name}}` : name, schema, required && place !== "path", description),
    ];
  });
  return rows.length === 0 ? "" : `<h4>Parameters</h4>\n<dl class="fields">${rows.join("\n")}</dl>`;
}

/** Of the body in JSON; undefined where there is none. */
export function schemaOf({ requestBody }: Declared) {
  return requestBody && "content" in requestBody ? requestBody.content[JSON_TYPE]?.schema : undefined;
}

function bodyOf(declared: Declared, schemas: Schemas): string {
  const schema = schemaOf(declared);
  if (!schema) return "";
  const named = isRef(schema) ? schemas[nameOf(schema.$ref)] : schema;
  const { requestBody } = declared;
  const maxBytes = requestBody && MAX_BYTES in requestBody ? Number(requestBody[MAX_BYTES]) : undefined;
  const limit = maxBytes === undefined ? "" : ` <span class="mute">at most ${maxBytes / 1024} KiB</span>`;
  return `<h4>Body: ${typeOf(schema)}${limit}</h4>\n${named ? fieldsOf(named) : ""}`;
}

function answersOf({ responses = {} }: Declared): string {
  return Object.entries(responses)
    .map(([status, response]) => {
      const {
        description,
        content,
      }: { description: string; content?: Record<string, { schema?: Parameters<typeof typeOf>[0] }> } =
        response;
      const [type, media] = Object.entries(content ?? {})[0] ?? [];
      const shape = type === JSON_TYPE && media?.schema ? typeOf(media.schema) : "";
      const kind =
        type && type !== JSON_TYPE && type !== PROBLEM_TYPE ? `<code>${escaped(type)}</code>` : shape;
      return `<div><dt>${escaped(status)}</dt><dd>${inline(description)} ${kind}</dd></div>`;
    })
    .join("\n");
}

const PROBLEM_TYPE = "application/problem+json";
