import { defineConfig } from "vitest/config";

const GENERATED = ["**/node_modules/**", "**/dist/**"];

/**
 * `unit` runs beside the code and starts nothing; `real` starts single services (PostgreSQL, S3, RabbitMQ, FFmpeg,
 * workerd); `e2e` starts the whole product. `e2e/run.ts` (npm test) runs them all.
 */
export default defineConfig({
  test: {
    // The end of the shared stack looks at every video on it.
    teardownTimeout: 240_000,
    projects: [
      {
        test: {
          name: "unit",
          include: ["{contract,edge-api,s3-gateway,transcode-node,web,stack,testing,e2e,bench}/**/*.test.ts"],
          exclude: [...GENERATED, "**/*.{real,e2e}.test.ts"],
          environment: "node",
          // Nothing in them outlives its test: files share what they import, which is most of their time.
          isolate: false,
        },
      },
      {
        test: {
          name: "real",
          globalSetup: "edge-api/tests/support/shared-services.ts",
          include: ["{contract,edge-api,s3-gateway,transcode-node,web,stack,testing}/**/*.real.test.ts"],
          exclude: GENERATED,
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 120_000,
          // Each file has services of its own, and much of its time is waiting.
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["{stack,e2e}/**/*.e2e.test.ts"],
          exclude: GENERATED,
          environment: "node",
          testTimeout: 300_000,
          hookTimeout: 300_000,
          globalSetup: "e2e/testing/shared-stack.ts",
          // Files with a stack of their own wait for most of their time: the others encode meanwhile.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
