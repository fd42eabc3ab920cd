// Runs before the first paint, as a file of our own because the policy allows no inline script.
try {
  const theme = localStorage.getItem("storagex.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme stays.
}
