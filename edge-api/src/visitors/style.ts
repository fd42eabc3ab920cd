/** Style sheet of visitors' pages, written into each: there is nothing to wait for. The dashboard's tokens. */

export const VISITOR_STYLE = `
@font-face { font-family: "Archivo Variable"; src: url("/fonts/archivo.woff2") format("woff2");
  font-weight: 100 900; font-stretch: 62% 125%; font-display: swap; }
@font-face { font-family: "JetBrains Mono Variable"; src: url("/fonts/mono.woff2") format("woff2");
  font-weight: 100 800; font-display: swap; }
:root { color-scheme: light dark; --paper: #fff; --ink: #000; --mute: #555; --signal: #d6ff1f; --fail: #ff3b1f;
  --sans: "Helvetica Neue", Arial, sans-serif; --mono: ui-monospace, Menlo, monospace; }
:root.fonts { --sans: "Archivo Variable", "Helvetica Neue", Arial, sans-serif;
  --mono: "JetBrains Mono Variable", ui-monospace, Menlo, monospace; }
@media (prefers-color-scheme: dark) { :root { --paper: #0b0b0b; --ink: #fff; --mute: #a8a8a8; --fail: #ff6a52; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { background: var(--paper); color: var(--ink); font: 500 16px/1.4 var(--sans); -webkit-text-size-adjust: 100%; }
body { margin: 0; min-width: 320px; }
:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; box-shadow: 0 0 0 3px var(--paper); }
header { border-bottom: 3px solid var(--ink); }
/* Its text stands above the player's left edge. */
.mark { display: inline-flex; align-items: center; gap: 4px; margin-left: max(0px, (100% - 1180px) / 2); padding: 10px 16px; background: var(--ink); color: var(--paper);
  font-weight: 900; font-stretch: 125%; font-size: 19px; letter-spacing: -.03em; line-height: 1; text-decoration: none;
  text-transform: uppercase; }
@media (width >= 48rem) { .mark { padding-left: 32px; } }
.mark:focus-visible { outline-color: var(--paper); outline-offset: -6px; }
.mark span { background: var(--signal); color: #000; padding: 5px 7px; }
main { display: grid; gap: 20px; width: 100%; max-width: 1180px; margin: 0 auto; padding: 16px 16px 64px; }
@media (width >= 48rem) { main { padding: 32px 32px 96px; } }
h1 { margin: 8px 0 0; max-width: 100%; font-weight: 900; font-stretch: 110%; font-size: clamp(22px, 4vw, 38px);
  letter-spacing: -.02em; line-height: 1.1; overflow-wrap: anywhere; }
p { margin: 0; max-width: 75ch; }
.text { white-space: pre-line; overflow-wrap: anywhere; }
.mute { color: var(--mute); }
.button { display: inline-flex; align-items: center; min-height: 44px; padding: 8px 18px; border: 3px solid var(--ink);
  background: var(--paper); color: var(--ink); box-shadow: 4px 4px 0 var(--ink); font: 800 14px/1.15 var(--sans);
  text-transform: uppercase; text-decoration: none; cursor: pointer; }
.button.signal { background: var(--signal); color: #000; }
.button:active { translate: 4px 4px; box-shadow: none; }
form, .card { display: grid; gap: 12px; width: 100%; max-width: 440px; padding: 24px; border: 3px solid var(--ink); background: var(--paper); }
:is(form, .card) h1 { margin: 0 0 8px; font-size: 22px; }
form .button { justify-self: start; }
.hatch, .frame.unready { background-color: var(--paper); background-size: 24px 24px;
  background-image: linear-gradient(135deg, var(--ink) 8%, transparent 8% 50%, var(--ink) 50% 58%, transparent 58%); }
.lost { display: grid; grid-template-rows: 1fr auto; min-height: min(56vw, 420px); border: 3px solid var(--ink);
  box-shadow: 6px 6px 0 var(--ink); }
.lost .hatch { display: grid; place-items: center; padding: 24px 16px; overflow: hidden; }
.lost .status { padding: 12px 20px; border: 3px solid var(--ink); background: var(--paper); font-weight: 900; font-stretch: 125%;
  font-size: clamp(4rem, 18vw, 11rem); letter-spacing: -.03em; line-height: 1; }
.status-bar { display: flex; align-items: center; justify-content: space-between; min-height: 40px; padding: 0 12px; background: var(--paper);
  border-top: 3px solid var(--ink); font-weight: 800; font-stretch: 112%; font-size: 14px; text-transform: uppercase; }
h1.headline { font-stretch: 125%; font-size: clamp(38px, 6vw, 64px); letter-spacing: -.03em; line-height: .92; text-transform: uppercase; }
label { font-weight: 800; font-stretch: 112%; font-size: 14px; text-transform: uppercase; }
form input { width: 100%; min-height: 48px; padding: 0 12px; border: 3px solid var(--ink); border-radius: 0; background: var(--paper);
  color: var(--ink); font: inherit; }
form input[aria-invalid="true"] { border-color: var(--fail); }
#complaint:not(:empty) { border-left: 6px solid var(--fail); padding-left: 8px; font-weight: 700; }
ol { display: grid; gap: 0; margin: 0; padding: 0; max-width: 75ch; list-style: none; border: 3px solid var(--ink); }
ol button { display: flex; align-items: baseline; gap: 16px; width: 100%; min-height: 44px; padding: 8px 12px; border: 0; border-bottom: 1px solid var(--ink);
  background: none; color: inherit; font: inherit; text-align: start; overflow-wrap: anywhere; cursor: pointer; }
ol li:last-child button { border-bottom: 0; }
ol button:hover { background: var(--signal); color: #000; }
ol time, .time { font: 500 13px/1.4 var(--mono); font-variant-numeric: tabular-nums; white-space: nowrap; }
.frame { position: relative; display: flex; flex-direction: column; background: #000; color: #fff; border: 3px solid var(--ink);
  box-shadow: 6px 6px 0 var(--ink); }
.frame video { display: block; width: 100%; aspect-ratio: var(--shape, 16 / 9); max-height: 76vh; background: #000; object-fit: contain; }
.frame .big { position: absolute; top: calc(50% - 42px); left: calc(50% - 42px); width: 84px; height: 84px; background: var(--signal);
  color: #000; border: 3px solid #000; }
.frame .big svg { width: 36px; height: 36px; }
.frame button { display: grid; place-items: center; padding: 0; border: 0; border-radius: 0; background: none; color: inherit; cursor: pointer; }
.frame :focus-visible { outline-color: #fff; outline-offset: -5px; box-shadow: 0 0 0 3px #000; }
.bar { height: 78px; background: #000; padding: 0 8px 6px; }
/* The bar comes with the script: nothing moves when it does. */
.page .frame:not(:has(.bar), .unready)::after { content: ""; display: block; height: 78px; }
.bar-buttons { display: flex; align-items: center; gap: 2px; height: 44px; }
.bar-buttons .bar-button { flex: none; width: 44px; height: 44px; }
.bar-buttons select { min-height: 44px; min-width: 44px; max-width: 9.5em; flex: 0 1 auto; border: 0; border-radius: 0; background: #000; color: #fff; font: 500 13px/1 var(--mono); }
.bar-buttons .time { padding: 0 8px; }
.gap { flex: 1; }
.bar input { display: block; width: 100%; height: 28px; margin: 0; background: none; -webkit-appearance: none; appearance: none; cursor: pointer; }
.bar input::-webkit-slider-runnable-track { height: 10px;
  background: linear-gradient(90deg, var(--signal) var(--at, 0%), #4a4a4a var(--at, 0%)); }
.bar input::-webkit-slider-thumb { -webkit-appearance: none; width: 8px; height: 22px; margin-top: -6px; background: #fff; border: 0; }
.bar input::-moz-range-track { height: 10px; background: #4a4a4a; }
.bar input::-moz-range-progress { height: 10px; background: var(--signal); }
.bar input::-moz-range-thumb { width: 8px; height: 22px; background: #fff; border: 0; border-radius: 0; }
.notice { position: absolute; inset: auto 16px 50% 16px; translate: 0 50%; margin: 0 auto; width: fit-content; padding: 12px 16px;
  border: 3px solid #000; background: #fff; color: #000; font-weight: 700; text-align: center; }
/* Above the button, which tries again. */
.frame:has(.big:not([hidden])) .notice { inset: 16px 16px auto; translate: none; }
.frame.unready video { background: none; }
.frame:fullscreen video { flex: 1; min-height: 0; max-height: none; aspect-ratio: auto; }
.embed, .embed body, .embed main { height: 100%; }
.embed main { display: block; max-width: none; padding: 0; }
.embed .frame { height: 100%; border: 0; box-shadow: none; }
.embed .frame video { flex: 1; min-height: 0; max-height: none; aspect-ratio: auto; }
.embed .bar { position: absolute; inset: auto 0 0; }
/* At rest the whole poster shows; while it plays, the whole picture. */
.embed .frame:is(.fresh, .playing):not(:hover, :focus-within) .bar { opacity: 0; }
.embed .lost { height: 100%; min-height: 0; border: 0; box-shadow: none; overflow-y: auto; }
.embed .lost .hatch { padding: 8px; }
.embed .status-bar { display: none; }
.embed :is(form, .card) { padding: 16px; }
`;
