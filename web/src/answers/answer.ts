/**
 * What the pages need of a schema: to check an answer of the API. In the browser's build the modules of this folder
 * hold the contract's schemas as JSON Schema instead of zod (web/build/json-schemas.ts).
 */
import { type Schema, Validator } from "@cfworker/json-schema";
import type { z } from "zod";

export type Answer<T> = {
  /** Throws where the value is not as the contract says. */
  parse(value: unknown): T;
  safeParse(value: unknown): { success: true; data: T } | { success: false };
};

export type AnswerOf<S extends z.ZodType> = Answer<z.output<S>>;

/** Checks by JSON Schema. A value that passes stays as it is, with what a newer server adds. */
export function answerOf<T>(schema: Schema): Answer<T> {
  const validator = new Validator(schema, "7");
  const passes = (value: unknown): value is T => validator.validate(value).valid;
  return {
    parse(value) {
      if (passes(value)) return value;
      const { errors } = validator.validate(value);
      throw new TypeError(`The answer is not as the contract says: ${JSON.stringify(errors.at(-1))}`);
    },
    safeParse: (value) => (passes(value) ? { success: true, data: value } : { success: false }),
  };
}
