// @refresh reload
/** Renders a page's shell on the Worker. It reads no user data here and has no server functions. */
import archivo from "@fontsource-variable/archivo/files/archivo-latin-standard-normal.woff2?url";
import mono from "@fontsource-variable/jetbrains-mono/files/jetbrains-mono-latin-wght-normal.woff2?url";
import { createHandler, StartServer } from "@solidjs/start/server";
import { For } from "solid-js";
import german from "./messages/de/open.ts";
import germanSignedIn from "./messages/de/signed-in.ts";
import { language } from "./messages/language.ts";
import { provideWords } from "./messages/words.ts";

provideWords("de", { ...german, ...germanSignedIn });

/** The Worker overwrites this header on every request, so no client can choose the nonce. */
const NONCE_HEADER = "x-storagex-nonce";

export default createHandler(
  () => (
    <StartServer
      document={(props) => (
        <html lang={language()}>
          <head>
            <meta charset="utf-8" />
            <meta name="viewport" content="width=device-width, initial-scale=1" />
            <meta name="color-scheme" content="light dark" />
            <meta name="theme-color" content="#d6ff1f" />
            <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
            <script src="/theme.js" />
            <For each={[archivo, mono]}>
              {(font) => (
                <link rel="preload" href={font} as="font" type="font/woff2" crossorigin="anonymous" />
              )}
            </For>
            {props.assets}
          </head>
          <body>
            <div id="app">{props.children}</div>
            {props.scripts}
          </body>
        </html>
      )}
    />
  ),
  (event) => {
    event.response.headers.set("content-type", "text/html; charset=utf-8");
    const nonce = event.request.headers.get(NONCE_HEADER);
    // "async": the status of a page is known before its first byte is sent.
    return nonce ? { mode: "async", nonce } : { mode: "async" };
  },
);
