/** The documented settings are exactly those that the processes read. */
import { readFile } from "node:fs/promises";
import { readSettings } from "@storagex/contract/settings/read-settings";
import { bindingsSchema } from "@storagex/contract/settings/settings";
import { expect, test } from "vitest";
import { stackSettingsSchema } from "../config.ts";
import { fillIn } from "../entries/make-env.ts";
import { inClone } from "../paths.ts";

const text = (...names: string[]) => readFile(inClone(...names), "utf8");
const namesIn = (env: string) => [...env.matchAll(/^([A-Z0-9_]+)=/gm)].flatMap((match) => match[1] ?? []);

test("compose gives the edge API every binding, and asks .env for nothing that the example lacks", async () => {
  const compose = await text("docker-compose.yml");
  for (const name of Object.keys(bindingsSchema.shape))
    expect(compose, name).toMatch(new RegExp(`^ +${name}: `, "m"));
  const asked = [...compose.matchAll(/\$\{([A-Z0-9_]+)/g)].flatMap((match) => match[1] ?? []);
  expect([...new Set(asked)].sort()).toEqual(namesIn(await text(".env.example")).sort());
});

test("the documented settings of npm start, and their defaults, are those it has", async () => {
  const page = await text("docs", "operations.md");
  const rows = [...page.matchAll(/^\| `([A-Z0-9_]+)` \| (?:`([^`A-Z]+)` )?/gm)];
  const told = Object.fromEntries(rows.map(([, name, value]) => [name, value]));
  expect(Object.keys(told).sort()).toEqual(Object.keys(stackSettingsSchema.shape).sort());
  for (const [name, value] of Object.entries(readSettings(stackSettingsSchema, {}))) {
    expect(told[name], name).toBe(String(value));
  }
});

test("make-env fills in every secret, fresh each time, and leaves the rest", async () => {
  const example = await text(".env.example");
  const [one, two] = [await fillIn(example), await fillIn(example)];
  const secrets = namesIn(example.slice(example.indexOf("--- Secrets")));
  expect(secrets).toHaveLength(8);
  for (const name of [...secrets, "S3_SECRET_ACCESS_KEY"]) {
    const value = new RegExp(`^${name}=(.{20,})$`, "m");
    expect(value.exec(one)?.[1], name).toBeTruthy();
    expect(value.exec(one)?.[1]).not.toBe(value.exec(two)?.[1]);
  }
  expect(one).toContain("STORAGEX_ADMIN_PASSWORD=\n");
  expect(one).toContain("S3_ENDPOINT=http://s3:7070\n");
});
