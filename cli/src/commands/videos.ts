/** `storagex list`, `get`, `open` and `delete`. */
import { spawn } from "node:child_process";
import { expectData, ProblemError, type Schemas } from "@storagex/client";
import { Command, InvalidArgumentError, Option } from "commander";
import { confirm } from "../ask.ts";
import { CommandError } from "../exit-codes.ts";
import { bytes, clock, percent, printJson, printLine, printTable } from "../print.ts";
import { openSession } from "../session.ts";
import { several } from "../video-options.ts";

type Listed = Schemas["Video"];
const STATUSES = ["pending_upload", "queued", "processing", "completed", "failed"] as const;
/** Most videos of one page. */
const PAGE = 100;

function positive(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a number above 0.");
  return Number(text);
}

type ListOptions = { status?: (typeof STATUSES)[number]; tag?: string[]; limit: number; json?: true };

export const listCommand = (): Command =>
  new Command("list")
    .description("list videos, newest first")
    .argument("[words]", "words in title, file name, description or tags")
    .addOption(new Option("--status <status>", "only videos with this status").choices(STATUSES))
    .option("--tag <tag>", "only videos with this tag; repeatable: with all of them", several)
    .option("--limit <count>", "maximum number of videos", positive, 20)
    .option("--json", "print JSON: each video, one a line")
    .action(async (words: string | undefined, { status, tag, limit, json }: ListOptions) => {
      const { client } = await openSession();
      const found: Listed[] = [];
      let cursor: string | undefined;
      do {
        const page = Math.min(PAGE, limit - found.length);
        const query = {
          limit: page,
          ...(words && { q: words }),
          ...(status && { status: [status] }),
          ...(tag && { tag }),
          ...(cursor && { cursor }),
        };
        const { items, nextCursor } = expectData(await client.GET("/v1/videos", { params: { query } }));
        found.push(...items);
        cursor = nextCursor ?? undefined;
      } while (cursor && found.length < limit);
      if (json) return found.forEach(printJson);
      const rows = found.map((video) => [
        ...[video.id, stateOf(video), clock(video.duration), bytes(video.size), video.title],
      ]);
      printTable([["ID", "STATUS", "LENGTH", "SIZE", "TITLE"], ...rows]);
    });

const stateOf = ({ status, progress, uploaded }: Listed): string => {
  if (status === "processing") return `processing ${percent(progress)}`;
  return status === "pending_upload" ? `uploading ${percent(uploaded)}` : status;
};

export const getCommand = (): Command =>
  new Command("get")
    .description("show a video")
    .argument("<id>")
    .option("--json", "print JSON: the video as the API shows it")
    .action(async (id: string, { json }: { json?: true }) => {
      const { client, url } = await openSession();
      const video = expectData(await client.GET("/v1/videos/{id}", { params: { path: { id } } }));
      if (json) return printJson(video);
      const { width, height, error, renditions } = video;
      const pairs: [string, string | null | undefined][] = [
        ["title", video.title],
        ["status", stateOf(video)],
        ["reason", error?.message],
        ["file", `${video.filename}, ${bytes(video.size)}`],
        ["length", clock(video.duration)],
        ["resolution", width && height ? `${width} × ${height}` : undefined],
        ["renditions", renditions.map(({ name }) => name).join(", ")],
        ["tags", video.tags.join(", ")],
        ["external id", video.externalId],
        ["visibility", video.visibility],
        ["created", video.createdAt],
        ["page", `${url}/videos/${id}`],
      ];
      printTable(pairs.flatMap(([name, value]) => (value ? [[name, value]] : [])));
    });

export const openCommand = (): Command =>
  new Command("open")
    .description("open a video's page in the browser")
    .argument("<id>")
    .option("--json", "print JSON, and open nothing")
    .action(async (id: string, { json }: { json?: true }) => {
      const { client, url } = await openSession();
      expectData(await client.GET("/v1/videos/{id}", { params: { path: { id } } }));
      const page = `${url}/videos/${id}`;
      if (json) return printJson({ page });
      printLine(page);
      const [program, ...before] = OPENERS[process.platform] ?? ["xdg-open"];
      // Where there is no browser, the address that is printed has to do.
      const opener = spawn(program, [...before, page], { stdio: "ignore", detached: true });
      opener.on("error", () => undefined).unref();
    });

const OPENERS: Partial<Record<NodeJS.Platform, [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

export const deleteCommand = (): Command =>
  new Command("delete")
    .description("delete videos, for good")
    .argument("<ids...>")
    .option("--yes", "do not ask")
    .option("--json", "print JSON: what became of each, one a line")
    .action(async (ids: string[], { yes, json }: { yes?: true; json?: true }) => {
      const { client } = await openSession();
      const what = ids.length === 1 ? `video ${ids[0]}` : `${ids.length} videos`;
      if (!yes && !(await confirm(`Delete ${what} for good?`))) throw new CommandError("nothing was deleted");
      let refusal: ProblemError | undefined;
      for (const id of ids) {
        const { response, error } = await client.DELETE("/v1/videos/{id}", { params: { path: { id } } });
        const refused = response.ok ? undefined : new ProblemError(response, error);
        refusal ??= refused;
        if (json) printJson({ id, deleted: response.ok, ...(refused && { code: refused.code }) });
        else if (!refused) printLine(`${id} deleted`);
      }
      if (refusal) throw refusal;
    });
