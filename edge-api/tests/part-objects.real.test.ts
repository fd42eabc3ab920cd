/** Parts that are objects: found, pinned, put together, removed. All tests use one edge. */
import { assemblingTests } from "./part-objects/assembling.ts";
import { earlyTests } from "./part-objects/early.ts";
import { findingTests } from "./part-objects/finding.ts";
import { setPartObjects } from "./part-objects/setting.ts";

setPartObjects();
findingTests();
assemblingTests();
earlyTests();
