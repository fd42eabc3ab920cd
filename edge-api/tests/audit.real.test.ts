/** Every route with an audit action records who did what to whom, from where. Nothing else is recorded. */
import { accountActTests } from "./audit/on-accounts.ts";
import { videoActTests } from "./audit/on-videos.ts";
import { setAudit } from "./audit/written.ts";

setAudit();
videoActTests();
accountActTests();
