/** `storagex share`: a link to a video. */
import { expectData } from "@storagex/client";
import { Command, InvalidArgumentError } from "commander";
import { printJson, printLine } from "../print.ts";
import { openSession } from "../session.ts";

type Options = { label?: string; expires?: number; password?: string; download?: true; json?: true };

const UNITS: Record<string, number> = { m: 60, h: 3_600, d: 86_400 };

/** Such as `30m`, `12h`, `7d`, in seconds. */
export function duration(text: string): number {
  const [, count, unit = ""] = /^([1-9]\d*)([mhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (Number.isNaN(seconds)) throw new InvalidArgumentError("It must be such as 30m, 12h or 7d.");
  return seconds;
}

export const shareCommand = (): Command =>
  new Command("share")
    .description("create a link with which anybody can watch the video")
    .argument("<id>")
    .option("--label <text>", "what it is for; only you see it")
    .option("--expires <time>", "such as 12h or 7d; otherwise never", duration)
    .option("--password <password>", "password that viewers must enter")
    .option("--download", "viewers may download the video")
    .option("--json", "print JSON: the share as the API shows it")
    .action(async (id: string, { label, expires, password, download, json }: Options) => {
      const { client } = await openSession();
      const body = {
        ...(label !== undefined && { label }),
        ...(expires !== undefined && { expiresIn: expires }),
        ...(password !== undefined && { password }),
        ...(download && { allowDownload: true }),
      };
      const params = { path: { id } };
      const share = expectData(await client.POST("/v1/videos/{id}/shares", { params, body }));
      if (json) printJson(share);
      else printLine(share.url);
    });
