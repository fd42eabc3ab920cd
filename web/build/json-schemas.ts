/**
 * Compiles web/src/answers for the browser: the contract's schemas that its modules export become JSON Schemas, which
 * a small library checks. The pages validate every answer as before, without the 20 kB of zod.
 */
import type { Plugin } from "vite";
import { z } from "zod";

const ANSWERS = /\/web\/src\/answers\/(?!answer\.ts)[\w-]+\.ts$/;
/** The library's checks of formats, of which the schemas below use none. */
const FORMATS = /\/@cfworker\/json-schema\/dist\/esm\/format\.js$/;
/** zod checks a URL by parsing it. */
const URL_PATTERN = "^[A-Za-z][A-Za-z0-9+.-]*:\\S+$";

export function jsonSchemas(): Plugin {
  return {
    name: "storagex:json-schemas",
    enforce: "pre",
    applyToEnvironment: (environment) => environment.name === "client",
    async load(id) {
      if (FORMATS.test(id)) return "export const format = {};";
      return ANSWERS.test(id) ? moduleOf(await import(id)) : undefined;
    },
  };
}

/** The module for the browser. Throws for an export that JSON Schema cannot express, such as a transformed value. */
function moduleOf(exports: Readonly<Record<string, unknown>>): string {
  const answers = Object.entries(exports).map(([name, schema]) => {
    if (!(schema instanceof z.ZodType)) throw new Error(`${name} is no schema of the contract`);
    return `export const ${name} = /* @__PURE__ */ answerOf(${JSON.stringify(jsonSchemaOf(schema))});`;
  });
  return ['import { answerOf } from "./answer.ts";', ...answers].join("\n");
}

/** What a value has once the schema has read it. */
export function jsonSchemaOf(schema: z.ZodType) {
  const { $schema: _draft, ...described } = z.toJSONSchema(schema, {
    target: "draft-7",
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      // Unknown fields pass unless zod refuses them: a newer server may answer more.
      if (def.type === "object" && !def.catchall) delete jsonSchema.additionalProperties;
      if (jsonSchema.format === "uri") jsonSchema.pattern = URL_PATTERN;
      // The pattern beside it says the same.
      if (jsonSchema.pattern !== undefined) delete jsonSchema.format;
      else if (def.type === "string" && jsonSchema.format !== undefined)
        throw new Error(`no pattern for the format ${jsonSchema.format}`);
    },
  });
  return described;
}
