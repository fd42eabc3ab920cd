/** Script of the API reference page: the theme's button, copying, and schemas that open when they are led to. */

/** JavaScript for the browser, served as `/docs/page.js`. */
export const PAGE_SCRIPT = `"use strict";
const SUN = "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM10.5 0h3v4.5h-3zM10.5 19.5h3V24h-3zM0 10.5h4.5v3H0zM19.5 10.5H24v3h-4.5zM2.4 4.5l2.1-2.1 3.2 3.2-2.1 2.1zM16.3 18.4l2.1-2.1 3.2 3.2-2.1 2.1zM19.5 2.4l2.1 2.1-3.2 3.2-2.1-2.1zM5.6 16.3l2.1 2.1-3.2 3.2-2.1-2.1z";
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");
const button = document.getElementById("theme");
const shape = button.querySelector("path");
const MOON = shape.getAttribute("d");
const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
const paint = () => {
  const label = isDark() ? "Use light theme" : "Use dark theme";
  button.setAttribute("aria-label", label);
  button.title = label;
  shape.setAttribute("d", isDark() ? SUN : MOON);
};
button.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try {
    localStorage.setItem("storagex.theme", root.dataset.theme);
  } catch {
    // Storage is blocked: the choice lasts for this page.
  }
  paint();
});
system.addEventListener("change", paint);
paint();
button.hidden = false;

document.addEventListener("click", async ({ target }) => {
  if (!target.matches("[data-copy]")) return;
  try {
    await navigator.clipboard.writeText(target.previousElementSibling.textContent);
    target.textContent = "Copied";
  } catch {
    // The clipboard is closed to pages without TLS: the text is selected, and the keyboard copies it.
    getSelection().selectAllChildren(target.previousElementSibling);
  }
});

const open = () => {
  const led = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!(led instanceof HTMLDetailsElement) || led.open) return;
  led.open = true;
  led.scrollIntoView();
};
addEventListener("hashchange", open);
open();
`;
