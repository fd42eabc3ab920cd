/** The data folder of one stack: everything it owns, private to the user who started it. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";

export type DataFolder = {
  root: string;
  /** Pid files and what is written again at every start. */
  run: string;
  log: string;
  postgres: string;
  rabbitmq: string;
  s3: string;
  scratch: string;
};

/** Creates the folder and its subfolders (mode 0700) and returns their absolute paths. */
export async function openDataFolder(root: string): Promise<DataFolder> {
  const folder: DataFolder = {
    root,
    run: join(root, "run"),
    log: join(root, "log"),
    postgres: join(root, "postgres"),
    rabbitmq: join(root, "rabbitmq"),
    s3: join(root, "s3"),
    scratch: join(root, "scratch"),
  };
  for (const path of [root, folder.run, folder.log, folder.rabbitmq, folder.s3, folder.scratch]) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  }
  return folder;
}
