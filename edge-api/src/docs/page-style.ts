/** Style sheet of the API reference page, built on the dashboard's design tokens. */

/** CSS, served as `/docs/page.css`. */
export const PAGE_STYLE = `
@font-face { font-family: "Archivo Variable"; src: url("/scalar/archivo.woff2") format("woff2");
  font-weight: 100 900; font-stretch: 62% 125%; font-display: swap; }
@font-face { font-family: "JetBrains Mono Variable"; src: url("/scalar/mono.woff2") format("woff2");
  font-weight: 100 800; font-display: swap; }
:root { color-scheme: light; --paper: #fff; --ink: #000; --mute: #555; --signal: #d6ff1f; --fail: #ff3b1f;
  --green: #1a6b00; --red: #b31d05; --yellow: #7a5b00; --blue: #0a4fb3; --orange: #9a4a00; --purple: #5b2db3;
  --head: 67px; }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { color-scheme: dark;
  --paper: #0b0b0b; --ink: #fff; --mute: #a8a8a8; --fail: #ff6a52;
  --green: #d6ff1f; --red: #ff6a52; --yellow: #ffd94a; --blue: #8ab8ff; --orange: #ffab66; --purple: #c3a6ff; } }
:root[data-theme="dark"] { color-scheme: dark; --paper: #0b0b0b; --ink: #fff; --mute: #a8a8a8; --fail: #ff6a52;
  --green: #d6ff1f; --red: #ff6a52; --yellow: #ffd94a; --blue: #8ab8ff; --orange: #ffab66; --purple: #c3a6ff; }
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); scroll-padding-top: calc(var(--head) + 16px);
  font: 500 16px/1.4 "Archivo Variable", "Helvetica Neue", Arial, sans-serif; }
body { margin: 0; min-width: 320px; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; box-shadow: 0 0 0 3px var(--paper); }
header { position: sticky; top: 0; z-index: 20; display: flex; min-height: var(--head); background: var(--paper);
  border-bottom: 3px solid var(--ink); overflow-x: auto; }
header a { display: flex; align-items: center; padding: 0 20px; color: inherit; text-decoration: none;
  font-weight: 700; font-size: 13px; letter-spacing: .04em; text-transform: uppercase; }
header nav { display: flex; }
header nav a { border-right: 3px solid var(--ink); }
header nav a:hover { background: var(--signal); color: #000; }
header a:focus-visible { outline-offset: -6px; }
header .mark { gap: 4px; background: var(--ink); color: var(--paper); font-weight: 900; font-stretch: 125%;
  font-size: 22px; letter-spacing: -.03em; line-height: .92; }
header .mark:focus-visible { outline-color: var(--paper); }
header .mark span { background: var(--signal); color: #000; padding: 6px 8px; }
#problems { display: none; max-width: 1280px; margin: 0 auto; padding: 32px; }
body:has(#problems:target) #problems, body:has(#problems :target) #problems { display: block; }
body:has(#problems:target) #reference, body:has(#problems :target) #reference { display: none; }
#problems h1 { margin: 32px 0 16px; font-weight: 900; font-stretch: 125%; font-size: clamp(38px, 6vw, 64px);
  letter-spacing: -.03em; line-height: .92; text-transform: uppercase; }
#problems p { max-width: 70ch; }
code, dt a, dt b { font-family: "JetBrains Mono Variable", ui-monospace, Menlo, monospace; }
dl > div { border: 3px solid var(--ink); padding: 16px; margin: 0 0 16px; }
dl > div:target { background: var(--signal); color: #000; box-shadow: 6px 6px 0 var(--ink); }
dt { font-weight: 700; overflow-wrap: anywhere; }
dt a { color: inherit; }
dt b { display: inline-block; padding: 0 6px; background: var(--ink); color: var(--paper); }
dd { margin: 8px 0 0; }
#reference { --scalar-custom-header-height: var(--head); min-height: 60vh; }
noscript p { padding: 32px; }
#reference a { color: inherit; }
#reference :is(h1, h2) { font-weight: 900; font-stretch: 125%; letter-spacing: -.03em; text-transform: uppercase; }
#reference :is(.badge, .markdown code) { border-radius: 0; }
#reference .markdown code { border: 0; padding: 2px 6px; margin: 0 2px;
  -webkit-box-decoration-break: clone; box-decoration-break: clone;
  background: color-mix(in srgb, var(--ink) 12%, var(--paper)); }
.light-mode, .dark-mode { --scalar-font: "Archivo Variable", Arial, sans-serif;
  --scalar-font-code: "JetBrains Mono Variable", ui-monospace, monospace;
  --scalar-background-1: var(--paper); --scalar-background-2: var(--paper);
  --scalar-background-3: color-mix(in srgb, var(--ink) 12%, var(--paper));
  --scalar-background-accent: var(--signal); --scalar-color-1: var(--ink); --scalar-color-2: var(--ink);
  --scalar-color-3: var(--mute); --scalar-color-accent: var(--ink); --scalar-border-color: var(--ink);
  --scalar-border-width: 2px; --scalar-radius: 0; --scalar-radius-lg: 0; --scalar-radius-xl: 0;
  --scalar-shadow-1: none; --scalar-shadow-2: 6px 6px 0 var(--ink);
  --scalar-button-1: var(--signal); --scalar-button-1-color: #000; --scalar-button-1-hover: var(--signal);
  --scalar-sidebar-background-1: var(--paper); --scalar-sidebar-color-1: var(--ink);
  --scalar-sidebar-color-2: var(--ink); --scalar-sidebar-color-active: #000;
  --scalar-sidebar-item-active-background: var(--signal); --scalar-sidebar-item-hover-background: var(--signal);
  --scalar-sidebar-item-hover-color: #000; --scalar-sidebar-border-color: var(--ink); }
/* The reference marks its code as dark always: colours follow the page, not its classes. */
.light-mode, .dark-mode { --scalar-color-green: var(--green); --scalar-color-red: var(--red);
  --scalar-color-yellow: var(--yellow); --scalar-color-blue: var(--blue); --scalar-color-orange: var(--orange);
  --scalar-color-purple: var(--purple); }
@media (max-width: 640px) { header nav a { padding: 0 10px; } header .mark { padding: 0 12px; font-size: 19px; }
  header nav a[href="/"] { display: none; }
  #problems { padding: 16px; } }
`;
