/**
 * Claims, fencing, failures, fan-out and fan-in: a video stays consistent while workers come and go. All
 * tests use one pipeline.
 */
import { usePipeline } from "./support/shared-pipeline.ts";
import { claimTests } from "./tasks/claims.ts";
import { failureTests } from "./tasks/failures.ts";
import { fanOutTests } from "./tasks/fan-out.ts";

usePipeline();
claimTests();
failureTests();
fanOutTests();
