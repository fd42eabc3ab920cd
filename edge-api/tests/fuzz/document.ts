/** The operations of `/openapi.json`, as a client reads them. */
import { type Schema, Validator } from "@cfworker/json-schema";
import { z } from "zod";

/** What generators and judges read of a schema; the validator gets it whole. */
export type JsonSchema = {
  $ref?: string;
  type?: string | readonly string[];
  enum?: unknown[];
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
  additionalProperties?: boolean | JsonSchema;
  anyOf?: readonly JsonSchema[];
  oneOf?: readonly JsonSchema[];
  allOf?: readonly JsonSchema[];
};

const schema = z.custom<JsonSchema>((value) => typeof value === "object" && value !== null);
const content = z.record(z.string(), z.object({ schema: schema.optional() }));
const operation = z.object({
  parameters: z
    .array(z.object({ name: z.string(), in: z.enum(["path", "query", "header"]), schema }))
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content: content.optional() })),
});
const documentSchema = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(z.enum(["get", "post", "put", "patch", "delete"]), operation.optional()),
  ),
  webhooks: z.record(z.string(), z.object({ post: z.object({ requestBody: z.object({ content }) }) })),
  components: z.looseObject({ schemas: z.record(z.string(), schema) }),
});

/** What is wrong with a body; undefined if nothing. */
type Judge = (body: unknown) => string | undefined;

export type Operation = {
  /** Such as `GET /v1/videos/{id}`. */
  name: string;
  method: string;
  path: string;
  parameters: z.infer<typeof operation>["parameters"];
  /** Of a JSON body; undefined where none is taken. */
  body: JsonSchema | undefined;
  /** By status: the content types, each with who judges its bodies. */
  answers: Map<number, Map<string, Judge>>;
};

export type ApiDocument = {
  operations: Operation[];
  /** What webhooks are sent, by event. */
  events: Map<string, Judge>;
  schemas: Record<string, JsonSchema>;
};

/** Parses the document that a server at `url` answers with. */
export async function readDocument(url: string): Promise<ApiDocument> {
  const json: unknown = await (await fetch(`${url}/openapi.json`)).json();
  const { paths, webhooks, components } = documentSchema.parse(json);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, found]) =>
      found
        ? [
            {
              name: `${method.toUpperCase()} ${path}`,
              method: method.toUpperCase(),
              path,
              parameters: found.parameters,
              body: found.requestBody?.content["application/json"]?.schema,
              answers: answersOf(found.responses, components),
            },
          ]
        : [],
    ),
  );
  const events = Object.entries(webhooks).map(([type, { post }]) => {
    const sent = post.requestBody.content["application/json"]?.schema;
    return [type, validatorOf(sent, components)] as const;
  });
  return { operations, events: new Map(events), schemas: components.schemas };
}

function answersOf(
  responses: z.infer<typeof operation>["responses"],
  components: z.infer<typeof documentSchema>["components"],
): Operation["answers"] {
  return new Map(
    Object.entries(responses).map(([status, { content: types = {} }]) => [
      Number(status),
      new Map(
        Object.entries(types).map(([type, { schema: wanted }]) => [type, validatorOf(wanted, components)]),
      ),
    ]),
  );
}

function validatorOf(wanted: JsonSchema | undefined, components: unknown): Judge {
  if (!wanted) return () => undefined;
  const whole: Schema = { ...(wanted as Schema), components };
  const validator = new Validator(whole, "2020-12");
  return (body) => {
    const { valid, errors } = validator.validate(body);
    return valid
      ? undefined
      : errors.map(({ instanceLocation, error }) => `${instanceLocation} ${error}`).join("; ");
  };
}
