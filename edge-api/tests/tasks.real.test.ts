/** Claims, fencing, failures, fan-out and fan-in: what keeps a video whole while workers come and go. One pipeline serves all. */
import { setStage } from "./support/stage.ts";
import { claimTests } from "./tasks/claims.ts";
import { failureTests } from "./tasks/failures.ts";
import { fanOutTests } from "./tasks/fan-out.ts";

setStage();
claimTests();
failureTests();
fanOutTests();
