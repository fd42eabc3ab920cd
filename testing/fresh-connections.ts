/**
 * Setup of the test projects with servers: `fetch` keeps no connection. A server closes its idle ones after some
 * seconds (workerd after five), and a call that a busy machine sends just then fails.
 */
import { Agent, setGlobalDispatcher } from "undici";

setGlobalDispatcher(new Agent({ pipelining: 0 }));
