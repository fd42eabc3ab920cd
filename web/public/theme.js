// Runs before the first paint and before every module, as a file of our own because the policy allows no inline script.

// The policy forbids `new Function`, which zod would try. Imports are hoisted, so no module can tell it early enough.
globalThis.__zod_globalConfig = { jitless: true };
try {
  const theme = localStorage.getItem("storagex.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme stays.
}
