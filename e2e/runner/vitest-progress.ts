/**
 * Vitest reporter: a progress line while tests run, each failure at once, and the count in a file for `e2e/run.ts`. Vitest
 * itself explains failures at its end, which a run that is cut off does not reach.
 */
import { writeFileSync } from "node:fs";
import type { SerializedError } from "vitest";
import type { Reporter, TestCase, TestModule } from "vitest/node";
import { tallyFile } from "./config.ts";
import { NONE, sentence, type Tally } from "./tally.ts";

const EVERY_MS = 2_000;

export default class ProgressReporter implements Reporter {
  #tally: Tally = structuredClone(NONE);
  #began = Date.now();
  #lastLine = 0;

  onTestCaseResult(test: TestCase): void {
    const { state } = test.result();
    if (state === "passed") this.#tally.passed += 1;
    if (state === "failed") {
      this.#tally.failed += 1;
      const [error] = test.result().errors ?? [];
      const reason = error?.message.split("\n", 1)[0] ?? "";
      const failure = `${test.module.relativeModuleId} > ${test.fullName}: ${reason}`;
      this.#tally.failures.push(failure);
      const places = (error?.stacks ?? []).slice(0, 3).map(({ file, line }) => `\n    at ${file}:${line}`);
      process.stdout.write(`✗ ${failure}${places.join("")}\n`);
    }
    if (state === "skipped") this.#tally.skipped += 1;
    const now = Date.now();
    if (now - this.#lastLine < EVERY_MS && state !== "failed") return;
    this.#lastLine = now;
    const seconds = Math.round((now - this.#began) / 1000);
    process.stdout.write(`  … ${test.project.name} ${seconds} s: ${sentence(this.#tally)}\n`);
    this.#write();
  }

  /** A file that cannot be loaded, and an error outside any test, count as one failure each. */
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const broken = modules.filter((module) => module.errors().length > 0);
    this.#tally.failed += broken.length + errors.length;
    this.#tally.failures.push(
      ...broken.map((module) => `${module.relativeModuleId}: ${module.errors()[0]?.message ?? ""}`),
      // They come from another process: of an Error they have the fields, not the prototype.
      ...errors.map(({ message }) => `outside any test: ${message}`),
    );
    this.#write();
  }

  #write(): void {
    const file = tallyFile();
    if (file) writeFileSync(file, JSON.stringify(this.#tally));
  }
}
