/** How often what was sent to a webhook is read again. */
import type { Delivery } from "@storagex/contract/webhooks";

/** Milliseconds. */
const POLL_MS = 2_000;
const SOON_MS = 60_000;

/** Milliseconds between two looks while something is to be sent soon; false where nothing is: one that is off is sent nothing. */
export const pollEvery = (isOn: boolean, deliveries: readonly Pick<Delivery, "nextAttemptAt">[]) =>
  isOn && deliveries.some(isSoon) ? POLL_MS : false;

const isSoon = ({ nextAttemptAt }: Pick<Delivery, "nextAttemptAt">) =>
  nextAttemptAt !== null && Date.parse(nextAttemptAt) < Date.now() + SOON_MS;
