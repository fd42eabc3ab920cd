/** The examples in the documents: each is run by a test, or says above it why not (`<!-- not run: … -->`). */
import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
/** Languages of blocks that somebody may run. */
const RUNNABLE = new Set(["sh", "bash", "js", "ts"]);

/** Examples that are run: the document, and what only that block of it holds. */
export const EXAMPLES = {
  fiveCalls: ["README.md", "/v1/auth/register"],
  clientInShort: ["README.md", "@storagex/client"],
  program: ["docs/api.md", "const [base, email, password, file]"],
  importByUrl: ["docs/api.md", "/v1/videos/import"],
  uploadLink: ["docs/api.md", "/v1/upload-links"],
  audience: ["docs/api.md", "/audience`"],
  webhook: ["docs/api.md", 'from "standardwebhooks"'],
  audit: ["docs/operations.md", "FROM audit"],
  viewerToken: ["docs/sharing.md", "SignJWT"],
  upload: ["client/README.md", "onProgress"],
  uploadByLink: ["client/README.md", "link.url"],
  verifiedWebhook: ["client/README.md", "verifyWebhook"],
  commands: ["cli/README.md", "storagex login"],
  migrating: ["cli/README.md", "storagex import-from"],
} as const satisfies Record<string, readonly [document: string, marker: string]>;

export type Block = { document: string; code: string; whyNot: string | undefined };

/** All documents with examples. */
export async function documents(): Promise<string[]> {
  const docs = (await readdir(join(ROOT, "docs"))).filter((name) => name.endsWith(".md"));
  return [
    "README.md",
    "CONTRIBUTING.md",
    "client/README.md",
    "cli/README.md",
    ...docs.map((name) => `docs/${name}`),
  ];
}

/** The blocks of a document that somebody may run. */
export async function blocksOf(document: string): Promise<Block[]> {
  const text = await readFile(join(ROOT, document), "utf8");
  const blocks = text.matchAll(/^(?:<!-- not run: ([^\n]+) -->\n)?```(\w+)\n(.*?)^```$/gms);
  return [...blocks].flatMap(([, whyNot, language = "", code = ""]) =>
    RUNNABLE.has(language) ? [{ document, code, whyNot }] : [],
  );
}

const taken = new Set<string>();
/** Names of the examples that were asked for in this process. */
export const takenExamples = (): string[] => [...taken].sort();

/** The code of an example. Throws where its document has not exactly one such block. */
export async function example(name: keyof typeof EXAMPLES): Promise<string> {
  const [document, marker] = EXAMPLES[name];
  const found = (await blocksOf(document)).filter(({ code }) => code.includes(marker));
  if (found.length !== 1 || !found[0])
    throw new Error(`${document} has ${found.length} examples with ${marker}`);
  taken.add(name);
  return found[0].code;
}
