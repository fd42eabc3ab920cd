// Runs before the first paint and before every module; a file of our own, because the CSP allows no inline
// script.

// The CSP forbids `new Function`, which zod would try. Imports are hoisted, so no module can set this early
// enough.
globalThis.__zod_globalConfig = { jitless: true };
try {
  const theme = localStorage.getItem("storagex.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme stays.
}

// A form that is sent before the page's script runs would be put into the address, its password too. It is marked
// instead, and sent once it can be: see EntryForm.
addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "dialog") return;
  event.preventDefault();
  event.target.dataset.early = "";
});
