/** The test command's environment. Nothing else in it reads environment variables. */

/** The file where a runner writes its count; undefined when it was started by hand. */
export function tallyFile(): string | undefined {
  return process.env.STORAGEX_TALLY_FILE;
}

/** The environment of a runner, with the file for its count. */
export function runnerEnvironment(file: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    STORAGEX_TALLY_FILE: file,
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
  };
}
