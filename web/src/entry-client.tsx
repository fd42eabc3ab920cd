// @refresh reload
/** Hydrates the server-rendered page in the browser. */
import { mount, StartClient } from "@solidjs/start/client";

const root = document.getElementById("app");
if (root) mount(() => <StartClient />, root);
