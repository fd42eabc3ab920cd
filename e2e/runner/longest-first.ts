/**
 * The order of the test files: the longest first, so that no core is idle at the end, and those that compute
 * beside those that wait for a service to come back.
 */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of about half a minute and more, in the order in which they start; the others follow. */
export const FIRST = [
  "transcode-node/src/corpus/corpus.real.test.ts",
  "transcode-node/src/steps/exact.real.test.ts",
  "edge-api/tests/audience.real.test.ts",
  "edge-api/tests/access.real.test.ts",
  "transcode-node/src/steps/plan/mezzanine.real.test.ts",
  "edge-api/tests/sweeps.real.test.ts",
  "transcode-node/src/worker/worker.real.test.ts",
  "edge-api/tests/part-objects.real.test.ts",
  "edge-api/tests/accounts.real.test.ts",
  "transcode-node/src/steps/chunk-bytes.real.test.ts",
  "edge-api/tests/grants.real.test.ts",
  "transcode-node/src/steps/few-times.real.test.ts",
  "transcode-node/src/worker/lanes.real.test.ts",
  "transcode-node/src/steps/audio/audio.real.test.ts",
  "edge-api/tests/hostile.real.test.ts",
  "edge-api/tests/tasks.real.test.ts",
  "transcode-node/src/steps/awkward.real.test.ts",
  "stack/setup/platforms.real.test.ts",
  "edge-api/tests/imports-hostile.real.test.ts",
  "edge-api/tests/plans.real.test.ts",
  "transcode-node/src/broker/broker.real.test.ts",
  "s3-gateway/src/crash.real.test.ts",
  "e2e/browser.e2e.test.ts",
  "stack/supervise/lifecycle.e2e.test.ts",
  "e2e/media.e2e.test.ts",
  "e2e/browser-exchange.e2e.test.ts",
  "e2e/killed-worker.e2e.test.ts",
  "e2e/faults.e2e.test.ts",
  "e2e/packages.e2e.test.ts",
  "e2e/lanes.e2e.test.ts",
  "e2e/event-playback.e2e.test.ts",
  "e2e/early-start.e2e.test.ts",
  "e2e/main-path.e2e.test.ts",
  "e2e/lost-reports.e2e.test.ts",
  "e2e/fuzz/media.e2e.test.ts",
  "e2e/video-page.e2e.test.ts",
  "e2e/visitors.e2e.test.ts",
];

/** The place of a file in the order; of those that are not named the last. */
export function placeOf(path: string): number {
  const at = FIRST.findIndex((file) => path.endsWith(`/${file}`));
  return at < 0 ? FIRST.length : at;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    // Projects keep their order: their groups run one after the other.
    return sorted.sort(
      (a, b) =>
        a.project.config.sequence.groupOrder - b.project.config.sequence.groupOrder ||
        a.project.name.localeCompare(b.project.name) ||
        placeOf(a.moduleId) - placeOf(b.moduleId),
    );
  }
}
