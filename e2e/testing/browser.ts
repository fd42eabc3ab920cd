/**
 * A browser that uses the dashboard as a person does, and records what a person would not notice: console
 * errors, CSP violations.
 */
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { AxeBuilder } from "@axe-core/playwright";
import {
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from "@playwright/test";
import axe from "axe-core";
import { expect } from "vitest";
import { HEADLESS_SHELL } from "../runner/programs.ts";
import { PASSWORD } from "./account.ts";
import type { Stack } from "./running-stack.ts";

/** Debian's Chromium; nothing is downloaded. */
const WHOLE = "/usr/bin/chromium";

const start = (executablePath: string, more: readonly string[]) =>
  chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more,
    ],
  });

/**
 * A browser without what surrounds the page: pages work as in the whole one, for a third less CPU. Where it is not
 * installed, the whole one. `more` are arguments beside its own.
 */
export const launch = (more: readonly string[] = []) =>
  start(existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : WHOLE, more);

/** The browser that people use: with notifications, and with its own speed. */
export const launchWhole = () => start(WHOLE, []);

/** A wait ends when its state comes; this only ends a hanging test. */
const PATIENCE_MS = 400_000;

export type Browser = Awaited<ReturnType<typeof launch>>;

/** `requests`: of all its pages in order, with their answers. */
export type Visit = { context: BrowserContext; page: Page; complaints: string[]; requests: string[] };

/** What the browser tests need: both are created before each test runs. */
export type Here = { stack(): Stack; seen(): Visit };

/**
 * A fresh visitor. `complaints` collects what no page may cause: thrown errors, CSP violations, responses
 * from 500, a playlist that the browser plays by itself beside hls.js.
 */
export async function visit(
  browser: Browser | null,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  if (!browser) throw new Error("there is no browser");
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  const requests: string[] = [];
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      throw new Error(`refused by the policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  context.on("page", (page) => listen(page, complaints));
  const began = Date.now();
  const note = (text: string, request: Request) =>
    requests.push(
      `${Date.now() - began} ms ${text} ${request.method()} ${request.url().replace(/\?.*/, "")}`,
    );
  context.on("request", (request) => note("→", request));
  context.on("response", (response) => note(String(response.status()), response.request()));
  context.on("requestfailed", (request) => note(request.failure()?.errorText ?? "failed", request));
  const page = await context.newPage();
  return { context, page, complaints, requests };
}

/** What a person would see now, and what was asked for at last: for the report of a failed test. */
export async function lastSeen({ context, requests }: Visit): Promise<string> {
  const pages = await Promise.all(
    context.pages().map(async (page) => `${page.url()}\n${await page.locator("body").ariaSnapshot()}`),
  );
  return [...pages, ...requests.slice(-LAST_REQUESTS)].join("\n");
}

const LAST_REQUESTS = 40;

function listen(page: Page, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(`thrown: ${error.stack ?? error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !text.includes("Failed to load resource"))
      complaints.push(`console: ${text}`);
  });
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (request.resourceType() === "media" && pathname.endsWith(".m3u8"))
      complaints.push(`played by the browser itself: ${pathname}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
}

/** `act` by a visitor with a whole browser, whom nothing may disturb unseen. */
export async function inWholeBrowser(baseURL: string, act: (seen: Visit) => Promise<void>): Promise<void> {
  const browser = await launchWhole();
  const seen = await visit(browser, baseURL);
  try {
    await act(seen);
    expect(seen.complaints).toEqual([]);
  } catch (error) {
    process.stdout.write(`${await lastSeen(seen)}\n`);
    throw error;
  } finally {
    await browser.close();
  }
}

/** Creates an account over the API, and opens its library. Returns the e-mail address. */
export async function registerHere(page: Page): Promise<string> {
  const email = `${crypto.randomUUID()}@example.test`;
  await enter(page, "register", email);
  await page.getByText("Nothing here yet.").waitFor();
  return email;
}

/** The browser's session, as the form of a page would open it; forms have tests of their own. Opens the library. */
async function enter(page: Page, act: "register" | "login", email: string): Promise<void> {
  const ask = () => page.request.post(`/v1/auth/${act}`, { data: { email, password: PASSWORD } });
  let answer = await ask();
  // Passwords are hashed one at a time: on a busy machine the line is long.
  while (answer.status() === 429) {
    await sleep(Number(answer.headers()["retry-after"]) * 1000);
    answer = await ask();
  }
  if (!answer.ok()) throw new Error(`${act}: ${answer.status()} ${await answer.text()}`);
  await page.goto("/");
}

/** Creates an account by the page's form; ends in the library. Returns the e-mail address. */
export async function registerByForm(page: Page): Promise<string> {
  const email = `${crypto.randomUUID()}@example.test`;
  await page.goto("/register");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByText("Nothing here yet.").waitFor();
  return email;
}

/** Signs out by the account's menu. */
export async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Account: / }).click();
  await page.getByRole("button", { name: "Sign out", exact: true }).click();
}

/** Signs in as somebody whom `register` made, over the API; ends in the library. */
export async function signIn(page: Page, email: string): Promise<void> {
  await enter(page, "login", email);
  await page.getByRole("button", { name: "Upload", exact: true }).waitFor();
}

/** Chooses files through the library's button and the system's dialog. */
export async function chooseFiles(page: Page, paths: string[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  await page.getByRole("button", { name: "Choose files" }).click();
  await (await chooser).setFiles(paths);
}

/** The number of the part that is PUT to `url`, whether it is an object or a part of a multipart upload. */
export function partNumberOf(url: string): number {
  const { pathname, searchParams } = new URL(url);
  return Number(/\/parts\/(\d+)$/.exec(pathname)?.[1] ?? searchParams.get("partNumber"));
}

/** No page of `context` sends that part of any upload until the returned function is called. */
export const withholdPart = (context: BrowserContext, number: number): Promise<() => void> =>
  withhold(context, new RegExp(`/parts/${String(number).padStart(5, "0")}`));

/** The same with every part: nothing of any upload is sent. */
export const withholdParts = (context: BrowserContext): Promise<() => void> =>
  withhold(context, /\/parts\/\d{5}/);

async function withhold(context: BrowserContext, url: RegExp): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await context.route(url, async (route) => {
    await promise;
    await route.continue().catch(() => undefined);
  });
  return resolve;
}

/** Limits how many bytes per second the page may send; -1 removes the limit, `offline` cuts the network. */
export async function throttleOf(
  page: Page,
): Promise<(uploadThroughput: number, offline?: boolean) => Promise<void>> {
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  return async (uploadThroughput, offline = false) => {
    const conditions = { offline, latency: 0, downloadThroughput: -1, uploadThroughput };
    await network.send("Network.emulateNetworkConditions", conditions);
  };
}

/** Waits until the video is ready, and opens its page by its title. */
export async function openReady(page: Page, title: string): Promise<void> {
  const ready = card(page, title);
  await ready.getByRole("link", { name: /Ready/ }).waitFor();
  await ready.getByRole("heading").getByRole("link").click();
}

/** The card with that title. */
export const card = (page: Page, title: string) =>
  page.getByRole("article").filter({ has: page.getByRole("heading", { name: title }) });

/** The axe rules that depend on colours: a theme changes nothing else. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/**
 * axe's findings on the page. Legacy mode: the other one opens a page per run for frames of other origins,
 * and there are none.
 */
async function violationsOf(page: Page, rules?: string[]): Promise<string[]> {
  // Once per document: its script is large, and the builder would evaluate it twice in every run.
  for (const frame of page.frames())
    if (!(await frame.evaluate(() => "axe" in window))) await frame.evaluate(axe.source);
  const { violations } = await new AxeBuilder({ page, axeSource: "true" })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}) })
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** Whether no dialog is closing: it hides the page from screen readers until it has gone. */
const isShown = () =>
  document.querySelector("#app[aria-hidden]") === null ||
  document.querySelector('[role="dialog"][data-expanded], [role="menu"][data-expanded]') !== null;

/** axe finds nothing and nothing scrolls sideways, in both themes at each width. */
export async function inspect(page: Page, name: string, widths = [1280, 390]): Promise<void> {
  await page.waitForFunction(isShown);
  for (const width of widths) {
    for (const theme of ["light", "dark"] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme: theme });
      await page.evaluate((wanted) => {
        document.documentElement.dataset.theme = wanted;
      }, theme);
      const found = await violationsOf(page, theme === "dark" ? COLOUR_RULES : undefined);
      expect(found, `axe on ${name}, ${width} px, ${theme}`).toEqual([]);
    }
  }
  await page.emulateMedia({ colorScheme: null });
  for (const width of [...widths, 320]) {
    await page.setViewportSize({ width, height: 900 });
    // An open menu follows the window a frame later.
    await expect
      .poll(() => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), {
        message: `${name} scrolls sideways at ${width} px`,
      })
      .toBeLessThanOrEqual(0);
    expect(await page.evaluate(outsideElements), `outside the window: ${name}, ${width} px`).toEqual([]);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

const WIDTHS = [320, 390, 820, 1024, 1280, 1440, 2560];

/** Nothing reaches over the window's sides, from the smallest window to the largest. */
export async function staysInside(page: Page, name: string): Promise<void> {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate(outsideElements), `outside the window: ${name}, ${width} px`).toEqual([]);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Runs in the page: what reaches over the window's sides, where nobody can scroll to it. */
export function outsideElements(): string[] {
  const isReachable = (element: Element | null): boolean => {
    if (!element || element === document.body) return false;
    return getComputedStyle(element).overflowX !== "visible" || isReachable(element.parentElement);
  };
  return [...document.querySelectorAll("body *")].flatMap((element) => {
    const { left, right, width, height } = element.getBoundingClientRect();
    const isDrawn = width > 1 && height > 1 && getComputedStyle(element).visibility !== "hidden";
    if (!isDrawn || (left >= -1 && right <= window.innerWidth + 1)) return [];
    if (isReachable(element.parentElement)) return [];
    return `<${element.localName} class="${element.getAttribute("class") ?? ""}"> ${Math.round(left)}–${Math.round(right)}`;
  });
}

/** Counts the scripts that the page loads, as large as they are gzipped, whatever the browser asked for. */
export function countScripts(page: Page) {
  const urls = new Set<string>();
  page.on("request", (request) => {
    const isScript = request.resourceType() === "script" || /\.js$/.test(new URL(request.url()).pathname);
    if (isScript) urls.add(request.url());
  });
  return {
    /** Bytes since the last time. */
    async take(): Promise<number> {
      const sizes = await Promise.all([...urls].map(gzippedSize));
      urls.clear();
      return sizes.reduce((sum, size) => sum + size, 0);
    },
  };
}

async function gzippedSize(url: string): Promise<number> {
  const answer = await fetch(url, { headers: { "accept-encoding": "gzip" } });
  await answer.body?.cancel();
  return Number(answer.headers.get("content-length"));
}

/** Adds up layout shifts that no input caused, from each load on; returns the sum of the page that is shown. */
export async function watchShifts(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    let sum = 0;
    Reflect.set(window, "shiftSoFar", () => sum);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (Reflect.get(entry, "hadRecentInput") === false) sum += Number(Reflect.get(entry, "value"));
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return () => page.evaluate(() => Number(Reflect.apply(Reflect.get(window, "shiftSoFar"), undefined, [])));
}
