// @refresh reload
/** Wakes the server-rendered page in the browser. */
import { mount, StartClient } from "@solidjs/start/client";
import { z } from "zod";

// The policy forbids `new Function`, which zod's compiled parsers would use.
z.config({ jitless: true });

const root = document.getElementById("app");
if (root) mount(() => <StartClient />, root);
