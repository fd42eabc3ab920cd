/**
 * Setup of the test projects with servers: `fetch` keeps an idle connection for a second only. A server closes its own
 * after some seconds (workerd after five), and a call that a busy machine sends just then fails.
 */
import { Agent, setGlobalDispatcher } from "undici";

setGlobalDispatcher(new Agent({ keepAliveTimeout: 1_000, keepAliveMaxTimeout: 1_000 }));
