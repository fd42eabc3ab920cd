/** What a call to edge-api fails with. */

/**
 * A call without a usable response; `status` is null when there was no response, `problem` the code of a
 * refusal.
 */
export class ApiError extends Error {
  readonly status: number | null;
  readonly problem: string | null;
  constructor(message: string, status: number | null, options?: ErrorOptions & { problem?: string | null }) {
    super(message, options);
    this.name = "ApiError";
    this.status = status;
    this.problem = options?.problem ?? null;
  }
  /** True when the same body would be refused again. */
  get permanent(): boolean {
    return this.status === 400 || this.status === 409 || this.status === 413 || this.status === 422;
  }
}
