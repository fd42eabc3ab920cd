// @refresh reload
/** Hydrates the server-rendered page in the browser, once its module and the words of its language are there. */
import { mount, StartClient } from "@solidjs/start/client";
import { loadLanguage, needSignedIn } from "./messages/words.ts";
import { isLinkedPage, isOpenPage } from "./shell/open-pages.ts";
import { loadPageModule } from "./shell/page-module.ts";

// What only a signed-in account sees comes with the page that shows it; so do the words of uploads.
if (!isOpenPage(location.pathname) || isLinkedPage(location.pathname)) void needSignedIn();
const root = document.getElementById("app");
void Promise.all([loadPageModule(location.pathname), loadLanguage()]).then(() => {
  if (root) mount(() => <StartClient />, root);
});
