/** Options that the subjects share. */
import { InvalidArgumentError } from "commander";
import { z } from "zod";

const schema = z.coerce.number().int().min(0).max(1e9);

/** Reads an option's value. Throws commander's error for anything but a whole number. */
export function wholeNumber(text: string): number {
  const read = schema.safeParse(text);
  if (!read.success) throw new InvalidArgumentError("a whole number is wanted");
  return read.data;
}
