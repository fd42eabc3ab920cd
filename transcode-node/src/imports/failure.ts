/** Why an import did not go on. */
import type { ImportFailureCode } from "@storagex/contract/uploads/imports";

/** What the owner is told; `retryable` where another try may help. The message holds nothing of the address. */
export class ImportFailure extends Error {
  readonly code: ImportFailureCode;
  readonly retryable: boolean;
  constructor(code: ImportFailureCode, message: string, { retryable = false } = {}) {
    super(message);
    this.name = "ImportFailure";
    this.code = code;
    this.retryable = retryable;
  }
}

/** The import was deleted, has failed, or another importer has it. */
export class Gone extends Error {
  constructor() {
    super("the import is not ours any more");
    this.name = "Gone";
  }
}

/** Our own storage or API does not take what comes: nothing that the address can be blamed for. */
export class OwnFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "OwnFailure";
  }
}
