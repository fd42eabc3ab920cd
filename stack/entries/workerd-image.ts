/**
 * Build step of the edge API's image: bundle, dashboard, and a config.capnp that takes its bindings from the
 * environment.
 */
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bindingsSchema } from "@storagex/contract/settings/settings";
import { isEntry } from "../is-entry.ts";
import { workerdConfig } from "../services/workerd.ts";
import { BUNDLE, CLIENT } from "./build.ts";

/** Writes everything that workerd serves into `folder`, which must have the same path in the image. */
async function layOutImage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await cp(BUNDLE, join(folder, "bundle"), { recursive: true });
  await cp(CLIENT, join(folder, "client"), { recursive: true });
  // A variable that is not set stays unset, and /readyz reports what is missing.
  const bindings = Object.keys(bindingsSchema.shape).map(
    (name) => `(name = "${name}", fromEnvironment = "${name}")`,
  );
  const client = join(folder, "client");
  await writeFile(
    join(folder, "config.capnp"),
    await workerdConfig({ folder, client, address: "*:8787", bindings }),
  );
}

if (isEntry(import.meta)) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error("usage: workerd-image.ts FOLDER");
  await layOutImage(folder);
}
