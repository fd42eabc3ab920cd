/** `storagex upload`: files, one after the other. */
import { basename } from "node:path";
import { type UploadProgress, UploadRefusedError } from "@storagex/client";
import { Command, InvalidArgumentError } from "commander";
import { EXIT, endOf } from "../exit-codes.ts";
import { bytes, Progress, percent, printError, printJson, printLine } from "../print.ts";
import { interruption } from "../session.ts";
import { ownAccount, type Sent, type UploadTarget, uploadLink } from "../upload-target.ts";
import { fieldsOf, type VideoOptions, withVideoOptions } from "../video-options.ts";
import { waitForVideo } from "../wait-for-video.ts";

type Options = VideoOptions & { link?: string; watch?: true; json?: true };

export const uploadCommand = (): Command =>
  withVideoOptions(new Command("upload"), ", for a single file")
    .description("upload files; the same command resumes what was interrupted")
    .argument("<files...>")
    .option(
      "--link <url>",
      "to somebody's upload link, without an account; only --title goes with it",
      linkUrl,
    )
    .option("--wait, --watch", "wait until the videos are encoded")
    .option("--json", "print JSON: each video, one a line")
    .action(uploadFiles);

function linkUrl(text: string): string {
  if (!/^https?:\/\/.+\/u\/sxu_[\w-]+\/?$/.test(text))
    throw new InvalidArgumentError("It must be such as https://videos.example.org/u/sxu_….");
  return text;
}

async function uploadFiles(files: string[], options: Options, command: Command): Promise<void> {
  const { title, externalId, link } = options;
  if (files.length > 1 && (title ?? externalId) !== undefined)
    command.error("error: --title and --external-id are for a single file", { exitCode: EXIT.usage });
  if (link !== undefined && Object.keys(fieldsOf(options)).some((field) => field !== "title"))
    command.error("error: only --title goes with --link", { exitCode: EXIT.usage });
  const target = link === undefined ? await ownAccount(options) : uploadLink(link, options);
  const signal = interruption();
  let exitCode: number | undefined;
  for (const file of files) {
    try {
      await uploadOne(target, file, options, signal);
    } catch (error) {
      const end = endOf(signal.aborted ? signal.reason : error);
      const isOver = end.exitCode === EXIT.interrupted;
      printError(`${basename(file)}: ${isOver ? "interrupted; the same command resumes it" : end.message}`);
      exitCode ??= end.exitCode;
      if (options.json && error instanceof UploadRefusedError) printJson(error.video);
      // The next file would end no better.
      if (isOver || end.exitCode === EXIT.refused || end.exitCode === EXIT.unreached) break;
    }
  }
  if (exitCode !== undefined) process.exitCode = exitCode;
}

async function uploadOne(
  target: UploadTarget,
  file: string,
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  const { watch, json } = options;
  const name = basename(file);
  const progress = new Progress(!json);
  const began = Date.now();
  let first: number | undefined;
  let last: UploadProgress | undefined;
  try {
    const onProgress = (now: UploadProgress) => {
      const { sent, size } = now;
      last = now;
      first ??= sent;
      const speed = (1000 * (sent - first)) / Math.max(1, Date.now() - began);
      progress.show(name, sent / size, `${bytes(sent)} of ${bytes(size)}  ${bytes(speed)}/s`);
    };
    let video = await target.send(file, { onProgress, signal });
    if (watch)
      video = await waitForVideo(target.sessionFor(last), video.id, signal, (now) =>
        progress.show(name, now.progress, now.status),
      );
    progress.end();
    if (video.status === "failed") throw new UploadRefusedError(video);
    if (json) printJson(video);
    else printLine([video.id, said(video), target.pageOf(video.id) ?? ""].join("  ").trimEnd());
  } finally {
    progress.end();
  }
}

const said = ({ status, progress }: Sent): string =>
  status === "processing" ? `processing ${percent(progress)}` : status;
