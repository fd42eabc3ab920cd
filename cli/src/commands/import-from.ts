/** `storagex import-from`: moves the videos of another platform here. */
import { createClient } from "@storagex/client";
import { Command, InvalidArgumentError, Option } from "commander";
import { readLogin } from "../config.ts";
import { CommandError, EXIT } from "../exit-codes.ts";
import { cloudflarePlatform } from "../migrate/cloudflare.ts";
import type { Moved, Outcome } from "../migrate/move-video.ts";
import { moveVideos } from "../migrate/move-videos.ts";
import { muxPlatform } from "../migrate/mux.ts";
import { peertubePlatform } from "../migrate/peertube.ts";
import type { Platform } from "../migrate/platform.ts";
import { type Fetch, politeFetch } from "../migrate/polite-fetch.ts";
import { Progress, printJson, printLine } from "../print.ts";
import { interruption } from "../session.ts";
import { several } from "../video-options.ts";
import { showImport } from "./import.ts";

type Options = {
  dryRun?: true;
  only?: string[];
  tag?: string[];
  visibility?: "private" | "public";
  parallel: number;
  watch?: true;
  json?: true;
};
type Open<Account> = (account: Account, fetch: Fetch, signal: AbortSignal) => Platform;

/** The server fetches eight imports at a time. */
const MAX_PARALLEL = 8;

function parallel(text: string): number {
  if (!/^[1-8]$/.test(text)) throw new InvalidArgumentError(`It must be a number from 1 to ${MAX_PARALLEL}.`);
  return Number(text);
}

const secret = (flags: string, description: string, variable: string): Option =>
  new Option(flags, description).env(variable).makeOptionMandatory();

const address = (flags: string, description: string, variable: string, usual: string): Option =>
  new Option(flags, description).env(variable).default(usual);

export const importFromCommand = (): Command =>
  new Command("import-from")
    .description("move the videos of another platform here; the same command goes on where it stopped")
    .addCommand(
      from("mux", "of a Mux environment", muxPlatform)
        .addOption(secret("--token-id <id>", "of an access token that may write Mux Video", "MUX_TOKEN_ID"))
        .addOption(secret("--token-secret <secret>", "its secret", "MUX_TOKEN_SECRET"))
        .addOption(address("--api-url <url>", "of the API", "MUX_API_URL", "https://api.mux.com"))
        .addOption(
          address(
            "--stream-url <url>",
            "of MP4s and captions; your own domain, if you have one",
            "MUX_STREAM_URL",
            "https://stream.mux.com",
          ),
        ),
    )
    .addCommand(
      from("cloudflare", "of a Cloudflare Stream account", cloudflarePlatform)
        .addOption(secret("--account-id <id>", "of the account", "CLOUDFLARE_ACCOUNT_ID"))
        .addOption(secret("--api-token <token>", "that may edit Stream", "CLOUDFLARE_API_TOKEN"))
        .addOption(
          address(
            "--api-url <url>",
            "of the API",
            "CLOUDFLARE_API_URL",
            "https://api.cloudflare.com/client/v4",
          ),
        ),
    )
    .addCommand(
      from("peertube", "of your account on a PeerTube", peertubePlatform)
        .addOption(secret("--url <url>", "of the PeerTube", "PEERTUBE_URL"))
        .addOption(new Option("--username <name>", "of the account").env("PEERTUBE_USERNAME"))
        .addOption(new Option("--password <password>", "of the account").env("PEERTUBE_PASSWORD"))
        .addOption(new Option("--token <token>", "an access token instead of both").env("PEERTUBE_TOKEN")),
    );

function from<Account>(name: string, whose: string, open: Open<Account>): Command {
  return new Command(name)
    .description(`import the videos ${whose}`)
    .option("--dry-run", "list what would be done, and do nothing")
    .option("--only <id>", "of that platform; repeatable", several)
    .option("--tag <tag>", "added to each; repeatable", several)
    .addOption(
      new Option("--visibility <who>", "who may watch; private if left out").choices(["private", "public"]),
    )
    .option("--parallel <count>", "videos at a time", parallel, 4)
    .option("--wait, --watch", "wait until they are encoded, not only fetched")
    .option("--json", "print JSON: what became of each, one a line, then a summary")
    .action((options: Options & Account) => importAll(open, options));
}

async function importAll<Account>(open: Open<Account>, options: Options & Account): Promise<void> {
  const { url, apiKey } = await readLogin();
  const stop = new AbortController();
  const interrupted = new CommandError(
    "interrupted; the same command goes on where it stopped",
    EXIT.interrupted,
  );
  interruption().addEventListener("abort", () => stop.abort(interrupted));
  const fetch = politeFetch(stop.signal);
  const session = { client: createClient({ baseUrl: url, apiKey, fetch }), url };
  const platform = open(options, fetch, stop.signal);
  const { json, dryRun = false, watch = false, only = [], tag = [], visibility } = options;
  const progress = new Progress(!json);
  const all: Moved[] = [];
  try {
    await moveVideos(platform, {
      ...{ session, stop, parallel: options.parallel, only, visibility },
      ...{ isDryRun: dryRun, isWatching: watch, tags: tag },
      onProgress: (video) => showImport(progress, video),
      onMoved(moved) {
        all.push(moved);
        progress.end();
        if (json) printJson(moved);
        else printMoved(moved);
      },
    });
  } finally {
    progress.end();
    summarize(all, json);
  }
  if (all.some(({ outcome, incomplete }) => outcome === "failed" || incomplete))
    process.exitCode = EXIT.failed;
}

function printMoved({ externalId, title, outcome, source, reason, incomplete = [] }: Moved): void {
  printLine(
    `${outcome}${source === "mp4" ? " (MP4)" : ""}  ${externalId}  ${title}${reason ? `: ${reason}` : ""}`,
  );
  for (const each of incomplete) printLine(`  without ${each}`);
}

function summarize(all: readonly Moved[], json: true | undefined): void {
  const count = (outcome: Outcome) => all.filter((moved) => moved.outcome === outcome).length;
  const summary = {
    imported: count("imported"),
    wouldImport: count("would import"),
    there: count("there"),
    failed: count("failed"),
    incomplete: all.filter(({ incomplete }) => incomplete).length,
  };
  if (json) {
    printJson({ summary });
    return;
  }
  const { imported, wouldImport, there, failed, incomplete } = summary;
  const begun = wouldImport > 0 ? `${wouldImport} would be imported` : `${imported} imported`;
  printLine(`${begun}, ${there} already there, ${failed} failed, ${incomplete} without all captions`);
  for (const moved of all) if (moved.outcome === "failed" || moved.incomplete) printMoved(moved);
}
