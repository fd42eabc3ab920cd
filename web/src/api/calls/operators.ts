/** API calls about the running installation, for administrators. */
import type { AuditAction } from "@storagex/contract/accounts/audit";
import * as answers from "../../answers/operators.ts";
import { api, read } from "../client.ts";

export const readQueue = () => read(answers.queue, api.v1.admin.queue.$get());
export const readWorkers = () => read(answers.workers, api.v1.admin.workers.$get());

/** Lets a worker drain, or take tasks again. */
export const drainWorker = (name: string, drain: boolean) => {
  const worker = api.v1.admin.workers[":name"];
  const at = { param: { name: encodeURIComponent(name) } };
  return read(answers.worker, drain ? worker.drain.$post(at) : worker.resume.$post(at));
};

export const readFailures = (cursor: string | null) =>
  read(
    answers.failurePage,
    api.v1.admin.failures.$get({ query: { limit: "24", ...(cursor && { cursor }) } }),
  );

/** Retries failed videos of a reason or with these ids, at most 50 a call. */
export const retryFailures = (which: { code?: string; ids?: string[] }) =>
  read(answers.retried, api.v1.admin.failures.retry.$post({ json: which }));

/** `from` and `to` are ISO times, both inclusive. */
export type AuditFilter = {
  account?: string;
  action?: AuditAction;
  from?: string;
  to?: string;
};

export const readAudit = (filter: AuditFilter, cursor: string | null) =>
  read(
    answers.auditPage,
    api.v1.admin.audit.$get({ query: { limit: "50", ...filter, ...(cursor && { cursor }) } }),
  );
