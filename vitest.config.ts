import { defineConfig } from "vitest/config";

/** `unit` runs beside the code and needs nothing started; `system` is run by `e2e/run.ts` against real parts. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["{contract,edge-api,transcode-node,web,stack}/**/*.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**", "**/*.real.test.ts"],
          environment: "node",
        },
      },
      {
        test: {
          name: "real",
          include: ["{contract,edge-api,transcode-node,web,stack,e2e}/**/*.real.test.ts"],
          exclude: ["**/node_modules/**", "**/dist/**"],
          environment: "node",
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
