/** A worker for tests that kills itself at the point that `CRASH_AT` names. */
import { armCrash } from "../observe/crash.ts";

armCrash(process.env.CRASH_AT);
await import("../worker.ts");
