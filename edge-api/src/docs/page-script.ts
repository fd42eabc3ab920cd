/** Script of the API reference page: renders the reference without sending anything to anybody. */

/** JavaScript for the browser, served as `/docs/page.js`. */
export const PAGE_SCRIPT = `"use strict";
const chosen = document.documentElement.dataset.theme;
const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
Scalar.createApiReference("#scalar", {
  url: "/openapi.json",
  theme: "none",
  layout: "modern",
  withDefaultFonts: false,
  forceDarkModeState: dark ? "dark" : "light",
  hideDarkModeToggle: true,
  hideClientButton: true,
  showDeveloperTools: "never",
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  proxyUrl: "",
  authentication: { preferredSecurityScheme: "bearer" },
  documentDownloadType: "json",
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
});
// Its copy buttons hold only a picture.
const nameButtons = () => {
  for (const button of document.querySelectorAll('#reference button[class*="copy-button"]:not([aria-label])'))
    button.setAttribute("aria-label", "Copy");
};
new MutationObserver(nameButtons).observe(document.getElementById("reference"), { childList: true, subtree: true });
`;
