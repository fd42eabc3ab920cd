/** The system programs that the tests need besides those of the stack: a browser, and what examples of the documents call. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { aptInstall, findPrograms } from "../../stack/setup/programs.ts";

const inFolders = (name: string): string[] =>
  (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));

/** By the name of their package: where each may be. */
const PROGRAMS: Record<string, string[]> = {
  chromium: ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
  curl: inFolders("curl"),
  jq: inFolders("jq"),
  "postgresql-client": inFolders("psql"),
};

export const HEADLESS_SHELL = "/usr/bin/chromium-headless-shell";

/**
 * Where root and apt are there, prints what is missing by `print` and installs it; else throws what to install.
 */
export async function installMissing(print: (line: string) => void): Promise<void> {
  await findPrograms(true, print);
  const missing = Object.entries(PROGRAMS).flatMap(([name, paths]) =>
    paths.some((path) => existsSync(path)) ? [] : [name],
  );
  const mayInstall = process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
  if (mayInstall && !existsSync(HEADLESS_SHELL)) {
    print("Installing chromium-headless-shell with apt: with it the browser's tests cost a third less");
    await aptInstall(["chromium-headless-shell"]).catch(() => print("There is none: they use Chromium"));
  }
  if (missing.length === 0) return;
  const names = missing.join(" ");
  if (!mayInstall) {
    print(
      `Not found: ${names}. The tests that need them will fail. Debian, Ubuntu: sudo apt-get install ${names}`,
    );
    return;
  }
  print(`Installing missing programs with apt: ${names}`);
  await aptInstall(missing);
}
