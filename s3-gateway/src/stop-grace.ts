/**
 * Milliseconds that requests have to end after SIGTERM; then their connections are closed. Less than `npm
 * start` waits for the gateway before it kills it.
 */
export const STOP_GRACE_MS = 1_000;
