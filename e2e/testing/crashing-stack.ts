/** `npm start` for tests: its workers kill themselves at the point that `CRASH_AT` names. */
import { inClone } from "../../stack/paths.ts";
import type { Service } from "../../stack/services/service.ts";
import { runStack } from "../../stack/setup/run-stack.ts";

const WORKER = inClone("transcode-node", "src", "worker.ts");
const CRASHING = inClone("transcode-node", "src", "testing", "crashing-worker.ts");

function crashing(worker: Service): Service {
  const [node, ...args] = worker.command;
  return {
    ...worker,
    command: [node, ...args.map((arg) => (arg === WORKER ? CRASHING : arg))],
    env: { ...worker.env, CRASH_AT: process.env.CRASH_AT ?? "" },
  };
}

runStack((blueprint) => ({ ...blueprint, workers: blueprint.workers.map(crashing) }));
