/** Style sheet of the API reference page, built on the dashboard's design tokens. */

const DARK = "color-scheme: dark; --paper: #0b0b0b; --ink: #fff; --mute: #a8a8a8; --fail: #ff6a52;";

/** CSS, served as `/docs/page.css`. */
export const PAGE_STYLE = `
@font-face { font-family: "Archivo Variable"; src: url("/fonts/archivo.woff2") format("woff2");
  font-weight: 100 900; font-stretch: 62% 125%; font-display: optional; }
@font-face { font-family: "JetBrains Mono Variable"; src: url("/fonts/mono.woff2") format("woff2");
  font-weight: 100 800; font-display: optional; }
:root { color-scheme: light; --paper: #fff; --ink: #000; --mute: #555; --signal: #d6ff1f; --fail: #ff3b1f; --head: 67px;
  --mono: "JetBrains Mono Variable", ui-monospace, Menlo, monospace; }
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { ${DARK} } }
:root[data-theme="dark"] { ${DARK} }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { background: var(--paper); color: var(--ink); scroll-padding-top: calc(var(--head) + 16px);
  font: 500 16px/1.45 "Archivo Variable", "Helvetica Neue", Arial, sans-serif; -webkit-text-size-adjust: 100%; }
body { margin: 0; min-width: 320px; overflow-wrap: anywhere; }
a { color: inherit; text-underline-offset: 3px; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; box-shadow: 0 0 0 3px var(--paper); }
::selection { background: var(--signal); color: #000; }
code, pre { font-family: var(--mono); font-size: 14px; }
button { font: inherit; color: inherit; cursor: pointer; }
p { margin: 0 0 12px; max-width: 75ch; }
.mute { color: var(--mute); }
.skip { position: fixed; left: 8px; top: -80px; z-index: 30; padding: 12px 18px; border: 3px solid var(--ink);
  background: var(--signal); color: #000; font-weight: 800; }
.skip:focus { top: 8px; }

header { position: sticky; top: 0; z-index: 20; display: flex; align-items: stretch; min-height: var(--head);
  background: var(--paper); border-bottom: 3px solid var(--ink); white-space: nowrap; }
header a { display: flex; align-items: center; padding: 0 20px; text-decoration: none;
  font-weight: 800; font-stretch: 112%; font-size: 14px; line-height: 1.15; text-transform: uppercase; }
header nav { display: flex; }
header nav a { border-right: 3px solid var(--ink); }
header nav a:hover { background: var(--signal); color: #000; }
header nav a[aria-current] { background: var(--ink); color: var(--paper); }
header a:focus-visible { outline-offset: -6px; box-shadow: none; }
header nav a[aria-current]:focus-visible, header .mark:focus-visible { outline-color: var(--paper); }
header .mark { gap: 4px; padding: 0 24px; background: var(--ink); color: var(--paper); font-weight: 900; font-stretch: 125%;
  font-size: 22px; letter-spacing: -.03em; line-height: .92; }
header .mark span { background: var(--signal); color: #000; padding: 6px 8px; }
#theme { display: grid; place-items: center; width: 44px; height: 44px; margin: auto 32px auto auto; padding: 0;
  border: 3px solid var(--ink); background: none; }
#theme:hover { background: var(--signal); color: #000; }

.columns { display: grid; grid-template-columns: minmax(0, 1fr); max-width: 1280px; margin: 0 auto; padding: 0 16px; }
main { min-width: 0; padding: 24px 0 120px; outline: none; }
h1, h2 { font-weight: 900; font-stretch: 125%; letter-spacing: -.03em; line-height: .92; text-transform: uppercase; }
h1 { margin: 0 0 24px; font-size: clamp(38px, 6vw, 64px); }
h2 { margin: 72px 0 16px; font-size: clamp(28px, 4vw, 44px); }
h3 { margin: 0 0 8px; font-size: 19px; line-height: 1.25; font-weight: 700; }
h3 a { text-decoration: none; }
h3 a:hover { text-decoration: underline; text-decoration-thickness: 3px; }
h4 { margin: 20px 0 8px; font-weight: 800; font-stretch: 112%; font-size: 14px; text-transform: uppercase; }
h4 :is(a, code, .mute) { text-transform: none; }
article { margin: 24px 0 0; padding: 20px; border: 3px solid var(--ink); box-shadow: 6px 6px 0 var(--ink); }
.call { display: flex; flex-wrap: wrap; align-items: baseline; gap: 10px; max-width: none; }
.call b { padding: 3px 8px; background: var(--ink); color: var(--paper); font: 700 14px/1.3 var(--mono); }
.call code { font-size: 16px; font-weight: 700; }
dl { margin: 0; }
dd { margin: 0; }
dd p { margin: 4px 0 0; }
.fields { border: 1px solid var(--ink); }
.fields > div { padding: 10px 12px; border-top: 1px solid var(--ink); }
.fields > div:first-child { border-top: 0; }
.fields dt code { font-weight: 700; }
.fields dt b { padding: 0 6px; background: var(--signal); color: #000; font-size: 13px; font-weight: 700; }
.fields dt span, .fields dt span code { font-family: var(--mono); font-size: 13px; font-weight: 500; }
.fields .fields { margin-top: 10px; }
.fields .mute { font-size: 14px; }
.answers > div { display: grid; grid-template-columns: 52px minmax(0, 1fr); gap: 8px; padding: 6px 0; border-top: 1px solid var(--ink); }
.answers dt { font: 700 14px/1.45 var(--mono); }
.answers code { font-size: 13px; }
summary { min-height: 44px; padding: 10px 0; font-weight: 800; cursor: pointer; }
summary:hover { text-decoration: underline; text-decoration-thickness: 3px; text-underline-offset: 3px; }
article details { margin-top: 12px; }
.command { border: 3px solid var(--ink); }
.command pre { margin: 0; padding: 14px; overflow-x: auto; overflow-wrap: normal; }
.command pre:focus-visible { outline-offset: -3px; box-shadow: none; }
.command button { display: block; width: 100%; min-height: 44px; border: 0; border-top: 3px solid var(--ink); background: var(--paper);
  font-weight: 800; font-size: 14px; text-transform: uppercase; }
.command button:hover { background: var(--signal); color: #000; }
.schema { border: 3px solid var(--ink); margin-top: -3px; padding: 0 16px; }
.schema[open] { padding-bottom: 16px; }
.schema summary code { font-weight: 700; font-size: 15px; }
.problems > div { border: 3px solid var(--ink); padding: 16px; margin: 0 0 16px; }
.problems > div:target { background: var(--signal); color: #000; box-shadow: 6px 6px 0 var(--ink); }
.problems dt { font-weight: 700; }
.problems dt a { font-family: var(--mono); }
.problems dt b { padding: 0 6px; background: var(--ink); color: var(--paper); font-family: var(--mono); }
.problems > div:target dt b { background: #000; color: #fff; }
.problems dd { margin-top: 8px; }

.contents { padding: 16px 0 0; }
.contents p { margin: 0; font-weight: 800; font-stretch: 112%; font-size: 14px; text-transform: uppercase; }
.contents a { display: block; text-decoration: none; }
.contents a:hover { background: var(--signal); color: #000; }
.contents ul { display: none; }
.contents { display: flex; flex-wrap: wrap; gap: 8px; }
.contents p a { padding: 11px 12px; border: 3px solid var(--ink); }
@media (width >= 64rem) {
  .columns { grid-template-columns: 300px minmax(0, 1fr); gap: 40px; padding: 0 32px; }
  main { padding-top: 40px; }
  .contents { display: block; position: sticky; top: var(--head); height: calc(100vh - var(--head)); padding: 32px 8px 32px 0;
    overflow-y: auto; border-right: 3px solid var(--ink); }
  .contents p { margin-top: 20px; }
  .contents p:first-child { margin-top: 0; }
  .contents p a { padding: 8px; border: 0; }
  .contents ul { display: block; margin: 0; padding: 0; list-style: none; }
  .contents li a { display: grid; grid-template-columns: 52px minmax(0, 1fr); gap: 8px; padding: 6px 8px; font-size: 14px; line-height: 1.3; }
  .contents li b { font: 700 12px/1.5 var(--mono); text-transform: uppercase; }
}
@media (width < 48rem) { header a { padding: 0 10px; } header .mark { padding: 0 12px; font-size: 19px; }
  #theme { margin-right: 10px; } article { padding: 16px; } .columns { padding: 0 16px; } }
@media (width < 23rem) { header nav a[aria-current] { display: none; } }
`;
