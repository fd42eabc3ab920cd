/** `storagex upload`: files, one after the other. */
import { basename } from "node:path";
import { UploadRefusedError, uploadFile, type Video } from "@storagex/client";
import { Command } from "commander";
import { EXIT, endOf } from "../exit-codes.ts";
import { bytes, Progress, percent, printError, printJson, printLine } from "../print.ts";
import { interruption, openSession, type Session } from "../session.ts";
import { fieldsOf, type VideoOptions, withVideoOptions } from "../video-options.ts";
import { waitForVideo } from "../wait-for-video.ts";

type Options = VideoOptions & { watch?: true; json?: true };

export const uploadCommand = (): Command =>
  withVideoOptions(new Command("upload"), ", for a single file")
    .description("upload files; the same command resumes what was interrupted")
    .argument("<files...>")
    .option("--wait, --watch", "wait until the videos are encoded")
    .option("--json", "print JSON: each video, one a line")
    .action(uploadFiles);

async function uploadFiles(files: string[], options: Options, command: Command): Promise<void> {
  const { title, externalId } = options;
  if (files.length > 1 && (title ?? externalId) !== undefined)
    command.error("error: --title and --external-id are for a single file", { exitCode: EXIT.usage });
  const session = await openSession();
  const signal = interruption();
  let exitCode: number | undefined;
  for (const file of files) {
    try {
      await uploadOne(session, file, options, signal);
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
  session: Session,
  file: string,
  options: Options,
  signal: AbortSignal,
): Promise<void> {
  const { watch, json } = options;
  const name = basename(file);
  const progress = new Progress(!json);
  const began = Date.now();
  let first: number | undefined;
  try {
    const onProgress = ({ sent, size }: { sent: number; size: number }) => {
      first ??= sent;
      const speed = (1000 * (sent - first)) / Math.max(1, Date.now() - began);
      progress.show(name, sent / size, `${bytes(sent)} of ${bytes(size)}  ${bytes(speed)}/s`);
    };
    let video = await uploadFile(session.client, file, { ...fieldsOf(options), onProgress, signal });
    if (watch)
      video = await waitForVideo(session, video.id, signal, (now) =>
        progress.show(name, now.progress, now.status),
      );
    progress.end();
    if (video.status === "failed") throw new UploadRefusedError(video);
    if (json) printJson(video);
    else printLine(`${video.id}  ${said(video)}  ${session.url}/videos/${video.id}`);
  } finally {
    progress.end();
  }
}

const said = ({ status, progress }: Video): string =>
  status === "processing" ? `processing ${percent(progress)}` : status;
