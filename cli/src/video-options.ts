/** What commands that make a video may say of it: their options, and the fields of the request. */
import type { Schemas } from "@storagex/client";
import { type Command, InvalidArgumentError, Option } from "commander";

export type VideoOptions = {
  title?: string;
  description?: string;
  tag?: string[];
  externalId?: string;
  metadata?: Record<string, string>;
  visibility?: "private" | "public";
};

type VideoFields = Omit<Schemas["ImportRequest"], "url" | "filename">;

/** An option that may be given several times. */
export const several = (value: string, others: string[] = []): string[] => [...others, value];

/** `key=value`, given several times. */
export function pair(text: string, others: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must be such as customer=1207.");
  return { ...others, [text.slice(0, at)]: text.slice(at + 1) };
}

/** `single`: what is added to the help of options that only one video can have. */
export const withVideoOptions = (command: Command, single = ""): Command =>
  command
    .option("--tag <tag>", "repeatable", several)
    .option("--title <title>", `instead of the file's name${single}`)
    .option("--description <text>", "plain text")
    .option("--external-id <id>", `your own id of the video${single}`)
    .option("--metadata <key=value>", "your own data; repeatable", pair)
    .addOption(new Option("--visibility <who>", "who may watch").choices(["private", "public"]));

export function fieldsOf(options: VideoOptions): VideoFields {
  const { title, description, tag: tags, externalId, metadata, visibility } = options;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(tags && { tags }),
    ...(externalId !== undefined && { externalId }),
    ...(metadata && { metadata }),
    ...(visibility && { visibility }),
  };
}
