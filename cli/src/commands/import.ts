/** `storagex import`: a video that the server fetches from a URL. */
import { expectData, UploadRefusedError, type Video } from "@storagex/client";
import { Command } from "commander";
import { CommandError, EXIT } from "../exit-codes.ts";
import { bytes, Progress, printJson, printLine } from "../print.ts";
import { interruption, openSession } from "../session.ts";
import { fieldsOf, type VideoOptions, withVideoOptions } from "../video-options.ts";
import { waitForVideo } from "../wait-for-video.ts";

type Options = VideoOptions & { filename?: string; watch?: true; json?: true };

export const importCommand = (): Command =>
  withVideoOptions(new Command("import"))
    .description("let the server fetch a video from a URL")
    .argument("<url>", "http or https, on the public internet; its query may hold secrets")
    .option("--filename <name>", "instead of the URL's own")
    .option("--wait, --watch", "wait until it has come and is encoded")
    .option("--json", "print JSON: the video as the API shows it")
    .action(importVideo);

async function importVideo(url: string, options: Options): Promise<void> {
  const { filename, watch, json } = options;
  const session = await openSession();
  const signal = interruption();
  const body = { url, ...fieldsOf(options), ...(filename !== undefined && { filename }) };
  let video = expectData(await session.client.POST("/v1/videos/import", { body, signal }));
  const progress = new Progress(!json);
  try {
    if (watch) video = await waitForVideo(session, video.id, signal, (now) => showImport(progress, now));
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new CommandError(`interrupted; the server goes on with ${video.id}`, EXIT.interrupted);
  } finally {
    progress.end();
  }
  if (json) printJson(video);
  if (video.status === "failed") throw new UploadRefusedError(video);
  if (!json) printLine(`${video.id}  ${video.status}  ${session.url}/videos/${video.id}`);
}

/** How much of an import has come, then how much is encoded. */
export function showImport(progress: Progress, { title, status, ...video }: Video): void {
  if (status === "pending_upload" && video.import) {
    const { received, size } = video.import;
    const of = size === null ? "" : ` of ${bytes(size)}`;
    progress.show(title, size ? received / size : 0, `${bytes(received)}${of}`);
  } else progress.show(title, video.progress, status);
}
