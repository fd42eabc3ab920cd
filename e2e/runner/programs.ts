/** The system program that the tests need besides those of the stack: a browser. */
import { existsSync } from "node:fs";
import { aptInstall, findPrograms } from "../../stack/setup/programs.ts";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Where root and apt are there, prints what is missing by `say` and installs it; else throws what to install.
 */
export async function installMissing(say: (line: string) => void): Promise<void> {
  await findPrograms(true, say);
  if (BROWSERS.some((path) => existsSync(path))) return;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    say("No Chromium was found: the browser tests will fail. Debian, Ubuntu: sudo apt-get install chromium");
    return;
  }
  say("Installing missing programs with apt: chromium");
  await aptInstall(["chromium"]);
}
