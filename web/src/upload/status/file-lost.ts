/** Apart from the sentences of failures, which are loaded with the first upload. */

/** Whether another attempt needs the file once more: it was changed or moved. */
export const isFileLost = (error: unknown): boolean =>
  error instanceof Error && error.name === "UnreadableError";
