import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./e2e/runner/longest-first.ts";

const GENERATED = ["**/node_modules/**", "**/dist/**"];

/** These limits only end a hanging test: on a busy machine a process may take minutes to start. */
const PATIENT = { poll: { timeout: 300_000 } };

/**
 * `unit` runs beside the code and starts nothing; `real` starts single services (PostgreSQL, S3, RabbitMQ, FFmpeg,
 * workerd); `e2e` starts the whole product. `e2e/run.ts` (npm test) runs them all.
 */
export default defineConfig({
  test: {
    // When the shared stack ends, every video on it is checked.
    teardownTimeout: 600_000,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        // As published it is built, which a clone need not be.
        resolve: { alias: { "@storagex/client": join(import.meta.dirname, "client/src/node.ts") } },
        test: {
          name: "unit",
          include: [
            "{cli,client,contract,edge-api,s3-gateway,transcode-node,web,stack,testing,e2e,bench}/**/*.test.ts",
          ],
          exclude: [...GENERATED, "**/*.{real,e2e}.test.ts"],
          environment: "node",
          testTimeout: 180_000,
          // Some wait for time to pass. By itself vitest would use one of two cores.
          maxWorkers: 3,
          // No test leaves anything behind, so files may share imported modules. Importing is most of their time.
          isolate: false,
        },
      },
      {
        test: {
          name: "real",
          globalSetup: "edge-api/tests/support/shared-services.ts",
          setupFiles: "testing/idle-connections.ts",
          include: ["{contract,edge-api,s3-gateway,transcode-node,web,stack,testing}/**/*.real.test.ts"],
          exclude: GENERATED,
          environment: "node",
          testTimeout: 600_000,
          hookTimeout: 600_000,
          expect: PATIENT,
          // On two cores: each file has its own services and spends half of its time waiting.
          maxWorkers: 4,
          // As above: importing costs more than a second of CPU per file.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["{stack,e2e}/**/*.e2e.test.ts"],
          exclude: GENERATED,
          environment: "node",
          testTimeout: 900_000,
          hookTimeout: 900_000,
          expect: PATIENT,
          globalSetup: "e2e/testing/shared-stack.ts",
          setupFiles: "testing/idle-connections.ts",
          // On two cores: files with their own stack spend most of their time waiting; others encode meanwhile.
          maxWorkers: 4,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
