/** Gives every operation of the document its examples: of JSON bodies, JSON answers, and what stands in paths. */
import { exampleOf, type How } from "./example.ts";
import type { OpenApi } from "./openapi.ts";
import type { Schemas } from "./schema.ts";

type Content = Record<string, { schema?: Schemas[string]; example?: unknown }>;
type Described = {
  operationId?: string;
  parameters?: unknown[];
  requestBody?: unknown;
  responses?: Record<string, unknown>;
};

/** Changes the document. An example that a route declares itself stays. */
export function addExamples(document: OpenApi): OpenApi {
  const schemas = document.components?.schemas ?? {};
  const items = [...Object.values(document.paths ?? {}), ...Object.values(document.webhooks ?? {})];
  for (const item of items)
    for (const operation of Object.values(item))
      if (isDescribed(operation)) {
        const how = { schemas, whole: true, owner: operation.operationId ?? "" };
        const answers = Object.entries(operation.responses ?? {}).filter(([status]) =>
          status.startsWith("2"),
        );
        for (const part of [operation.requestBody, ...answers.map(([, answer]) => answer)])
          if (hasContent(part)) illustrate(part.content, how);
        for (const parameter of operation.parameters ?? [])
          if (isInPath(parameter) && parameter.schema && !("example" in parameter.schema))
            parameter.example = exampleOf(parameter.schema, how, parameter.name);
      }
  return document;
}

function illustrate(content: Content, how: How): void {
  const media = content["application/json"];
  if (media?.schema && media.example === undefined) media.example = exampleOf(media.schema, how);
}

const isDescribed = (value: unknown): value is Described =>
  typeof value === "object" && value !== null && "responses" in value;
const hasContent = (value: unknown): value is { content: Content } =>
  typeof value === "object" && value !== null && "content" in value;
const isInPath = (
  value: unknown,
): value is { name: string; in: "path"; schema?: Schemas[string]; example?: unknown } =>
  typeof value === "object" && value !== null && "in" in value && value.in === "path";
