/** Health and readiness, unknown addresses, pages under their policy, and assets. */
import { readdir } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { bridgeHealthSchema } from "@storagex/contract/tasks/message";
import { ticketSchema } from "@storagex/contract/uploads/upload";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { inClone } from "../../stack/paths.ts";
import { readConfig } from "../src/config.ts";
import { partsOf } from "../src/readiness/check.ts";
import { problemOf, register } from "./support/client.ts";
import { eventually } from "./support/eventually.ts";
import { type Edge, startEdge } from "./support/harness.ts";

const readinessSchema = z.object({ parts: z.record(z.string(), z.unknown()) });

let edge: Edge;
let askedOfBridge = 0;
let health: z.infer<typeof bridgeHealthSchema> = { ok: true, broker: "connected" };
const bridge = createServer((_, answer) => {
  askedOfBridge += 1;
  answer.writeHead(health.ok ? 200 : 503).end(JSON.stringify(health));
});
beforeAll(async () => {
  await new Promise<void>((resolve) => bridge.listen(0, "127.0.0.1", resolve));
  const { port } = bridge.address() as AddressInfo;
  edge = await startEdge({ BRIDGE_URL: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  bridge.close();
  await edge?.stop();
});

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(edge.url + path, { headers, redirect: "manual" });

/** What fetch would hide: the raw bytes and headers, without decompression. */
function raw(path: string, headers: Record<string, string>): Promise<{ headers: Headers; size: number }> {
  return new Promise((resolve, reject) => {
    const asked = request(edge.url + path, { headers }, (answer) => {
      let size = 0;
      answer.on("data", (piece: Buffer) => {
        size += piece.length;
      });
      answer.on("end", () => resolve({ headers: new Headers(answer.headersDistinct as never), size }));
    });
    asked.on("error", reject);
    asked.end();
  });
}

describe("health", () => {
  test("/healthz answers without asking anything", async () => {
    const answer = await get("/healthz");
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ status: "ok" });
  });

  test("/readyz is 200 when every part is there", async () => {
    const answer = await get("/readyz");
    const ok = { ok: true };
    expect(await answer.json()).toEqual({
      status: "ready",
      parts: {
        configuration: ok,
        database: ok,
        storage: ok,
        storageSigning: ok,
        storageCors: ok,
        bridge: ok,
      },
      workers: 0,
    });
    expect(answer.status).toBe(200);
  });

  test("/readyz asks once for all who come at once", async () => {
    const before = askedOfBridge;
    // For a second the last answer is given again.
    await eventually(async () => {
      const answers = await Promise.all(Array.from({ length: 20 }, () => get("/readyz")));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect(askedOfBridge).toBeGreaterThan(before);
    });
    expect(askedOfBridge - before).toBe(1);
  });
});

describe("readiness under other settings", () => {
  afterAll(() => edge.restart());

  test("a public address of the storage that only browsers reach is no obstacle", async () => {
    await edge.restart({ S3_PUBLIC_ENDPOINT: "http://storage.invalid" });
    expect((await get("/readyz")).status).toBe(200);
  });

  test.each([
    [{ S3_BUCKET: "nowhere" }, "storage", "no bucket nowhere"],
    [{ S3_SECRET_ACCESS_KEY: "a wrong secret of some length" }, "storage", "SignatureDoesNotMatch"],
    [{ BRIDGE_URL: "http://127.0.0.1:9" }, "bridge", "does not answer"],
    [{ SQL_ENDPOINT_URL: "http://127.0.0.1:9/sql" }, "database", "does not answer"],
  ])("what is missing is named: %j", async (bindings, part, words) => {
    const { ready, parts } = await partsOf(readConfig({ ...edge.bindings, ...bindings }));
    expect(ready).toBe(false);
    expect(parts[part]).toEqual({ ok: false, missing: expect.stringContaining(words) });
  });

  test.each([
    ["blocked", "takes no messages"],
    ["not connected", "lost its broker"],
  ] as const)("a broker that is %s is named", async (broker, words) => {
    health = { ok: false, broker };
    const { parts } = await partsOf(readConfig(edge.bindings));
    health = { ok: true, broker: "connected" };
    expect(parts.bridge).toEqual({ ok: false, missing: expect.stringContaining(words) });
  });

  test("/readyz names a setting that keeps everything from starting", async () => {
    await edge.restart({ STORAGEX_PUBLIC_URL: "http://video.example.test", BRIDGE_URL: "x" });
    const answer = await get("/readyz");
    expect(answer.status).toBe(503);
    const { parts } = readinessSchema.parse(await answer.json());
    expect(parts.configuration).toEqual({ ok: false, missing: expect.stringContaining("BRIDGE_URL") });
  });
});

describe("addresses that lead nowhere", () => {
  test("an unknown API address is a 404 problem, a known one with another method a 405 with Allow", async () => {
    const unknown = await get("/v1/nothing");
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get("content-type")).toBe("application/problem+json");
    expect(await unknown.json()).toMatchObject({
      type: "/docs#problem-request.not_found",
      status: 404,
      code: "request.not_found",
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    const wrong = await get("/v1/auth/login");
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get("allow")).toBe("POST");
    const both = await fetch(`${edge.url}/v1/videos`, { method: "PUT" });
    expect([both.status, both.headers.get("allow")]).toEqual([405, "POST, GET, HEAD"]);
    for (const [path, allow] of [
      ["/v1/videos", "POST, GET, HEAD, OPTIONS"],
      ["/v1/admin/users/x", "PATCH, DELETE, OPTIONS"],
      ["/play/x/master.m3u8", "GET, HEAD, OPTIONS"],
      ["/login", "GET, HEAD, OPTIONS"],
    ] as const) {
      const options = await fetch(edge.url + path, { method: "OPTIONS" });
      expect([options.status, options.headers.get("allow")], path).toEqual([204, allow]);
    }
    expect((await fetch(`${edge.url}/v1/nothing`, { method: "OPTIONS" })).status).toBe(404);
    expect((await get("/_server?id=x")).status).toBe(404);
    expect(await problemOf(await fetch(`${edge.url}/login`, { method: "POST" }))).toMatchObject({
      status: 405,
    });
  });

  test("an API address with a slash at its end leads to the one without", async () => {
    const answer = await get("/v1/videos/?limit=3");
    expect([answer.status, answer.headers.get("location")]).toEqual([308, "/v1/videos?limit=3"]);
    expect((await get("/v1/nothing/")).status).toBe(404);
  });

  test("a HEAD is answered as a GET, without a body, and opens no stream", async () => {
    const { accessToken } = await register(edge.url);
    const headers = { authorization: `Bearer ${accessToken}` };
    const first = await fetch(`${edge.url}/v1/events`, { headers });
    const type = first.headers.get("content-type");
    for (let batch = 0; batch < 6; batch += 1)
      for (const head of await Promise.all(
        Array.from({ length: 20 }, () => fetch(`${edge.url}/v1/events`, { method: "HEAD", headers })),
      ))
        expect([head.status, head.headers.get("content-type")]).toEqual([200, type]);
    // More than a hundred streams would have pushed it out.
    const reader = first.body?.getReader();
    const greeting = await reader?.read();
    expect(greeting?.done).toBe(false);
    const body = JSON.stringify({ filename: "a.mp4", size: 10, contentType: "video/mp4" });
    const ticket = await fetch(`${edge.url}/v1/videos`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body,
    });
    expect(ticket.status).toBe(201);
    const { video } = ticketSchema.parse(await ticket.json());
    await fetch(`${edge.url}/v1/videos/${video.id}/upload`, { method: "DELETE", headers });
    let heard = "";
    while (!heard.includes("video.deleted")) {
      const piece = await reader?.read();
      expect(piece?.done).toBe(false);
      heard += new TextDecoder().decode(piece?.value);
    }
    await reader?.cancel();
  });

  test.each(["//v1/me", "///v1/nothing", "/v1//me", "//internal/tasks", "//play/x", "//_server"])(
    "%s is a 404 problem, no page",
    async (path) => {
      expect(await problemOf(await get(path))).toMatchObject({ status: 404, code: "request.not_found" });
    },
  );

  test("a page with a slash too many is sent to its address, on this host", async () => {
    const answer = await get("//login?next=/admin");
    expect([answer.status, answer.headers.get("location")]).toEqual([308, "/login?next=/admin"]);
    expect((await get("///host.test/a")).headers.get("location")).toBe("/host.test/a");
  });

  test("an unknown page is a page, and 404", async () => {
    const answer = await get("/no/such/page");
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
  });
});

test("a name that somebody else pointed here opens nothing of the API", async () => {
  const statusAs = (host: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${edge.url}/v1/me`, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on("error", reject).end();
    });
  expect(await statusAs("rebound.evil:3000")).toBe(403);
  expect(await statusAs("localhost:8080")).toBe(401);
});

test("a trace that comes in goes on", async () => {
  const traceparent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
  const answer = await get("/v1/me", { traceparent });
  expect(answer.status).toBe(401);
  expect(answer.headers.get("traceparent")).toMatch(/^00-0123456789abcdef0123456789abcdef-(?!0123)/);
});

describe("pages", () => {
  test("carry a policy of one nonce, which no client chooses and no answer repeats", async () => {
    const nonceOf = async (): Promise<string> => {
      const answer = await get("/login", { "x-storagex-nonce": "chosen" });
      expect(answer.status).toBe(200);
      const policy = answer.headers.get("content-security-policy") ?? "";
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
      const html = await answer.text();
      expect(policy).not.toContain("unsafe-eval");
      expect(policy).toContain(`media-src 'self' blob: ${edge.s3.endpoint}`);
      for (const [, attributes] of html.matchAll(/<script\b([^>]*)>/g)) {
        expect(attributes).toMatch(/src=|type="module"|nonce=/);
        if (!attributes?.includes("src=")) expect(attributes).toContain(`nonce="${nonce}"`);
      }
      expect(html).not.toContain("chosen");
      return nonce;
    };
    const [one, two] = [await nonceOf(), await nonceOf()];
    expect(one.length).toBeGreaterThan(20);
    expect(one).not.toBe(two);
  });

  test("every answer tells browsers what to refuse", async () => {
    for (const path of ["/login", "/favicon.svg", "/v1/me", "/docs"]) {
      const { headers } = await get(path);
      expect(headers.get("x-content-type-options"), path).toBe("nosniff");
      expect(headers.get("x-frame-options"), path).toBe("DENY");
      expect(headers.get("content-security-policy"), path).toContain("frame-ancestors 'none'");
    }
  });
});

describe("assets", () => {
  test("have type, ETag and 304; hashed ones never change", async () => {
    const icon = await get("/favicon.svg");
    expect(icon.headers.get("content-type")).toBe("image/svg+xml");
    expect(icon.headers.get("cache-control")).toBe("no-cache");
    const etag = icon.headers.get("etag") ?? "";
    const again = await get("/favicon.svg", { "if-none-match": `"other", ${etag}` });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe("");

    const folder = inClone("web", "dist", "client", "_build", "assets");
    const script = (await readdir(folder)).find((name) => name.endsWith(".js"));
    const hashed = await get(`/_build/assets/${script}`);
    expect(hashed.headers.get("content-type")).toBe("text/javascript; charset=utf-8");
    expect(hashed.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  });

  test("come in the language that was chosen, else in the browser's", async () => {
    const cases = [
      [{}, "en", "Sign in", "Nothing here"],
      [{ "accept-language": "fr-FR, de-AT;q=0.8, en;q=0.5" }, "de", "Anmelden", "Hier ist nichts"],
      [{ "accept-language": "de;q=0, en-US" }, "en", "Sign in", "Nothing here"],
      [{ "accept-language": "en", cookie: "storagex.language=de" }, "de", "Anmelden", "Hier ist nichts"],
      [{ "accept-language": "de", cookie: "storagex.language=<x>" }, "de", "Anmelden", "Hier ist nichts"],
      [{ "x-storagex-language": "de" }, "en", "Sign in", "Nothing here"],
    ] as const;
    for (const [headers, language, signIn, nothing] of cases) {
      for (const [path, words] of [
        ["/login", signIn],
        ["/watch/unknown", nothing],
      ] as const) {
        const answer = await get(path, headers);
        const page = await answer.text();
        expect(page, `${path} ${JSON.stringify(headers)}`).toContain(`<html lang="${language}"`);
        expect(page).toContain(words);
        expect(answer.headers.get("vary")).toMatch(/accept-language, cookie$/);
        expect(answer.headers.get("cache-control")).toBe("no-store");
      }
    }
  });

  test("come compressed as the client takes them", async () => {
    const largest = (await readdir(inClone("web", "dist", "client", "_build", "assets"))).find((name) =>
      /^elements-.*\.js$/.test(name),
    );
    const path = `/_build/assets/${largest}`;
    const [plain, br, gzip] = await Promise.all(
      ["identity, br;q=0", "gzip, br", "gzip"].map((accepted) => raw(path, { "accept-encoding": accepted })),
    );
    expect(plain?.headers.get("content-encoding")).toBeNull();
    expect(br?.headers.get("content-encoding")).toBe("br");
    expect(gzip?.headers.get("content-encoding")).toBe("gzip");
    expect(br?.headers.get("vary")).toBe("accept-encoding");
    expect(br?.size).toBeLessThan((plain?.size ?? 0) / 3);
    const body = await (await get(path)).text();
    expect(body.length).toBeGreaterThan(100_000);
  });

  test("that are not there, or above the folder, are 404", async () => {
    for (const path of [
      "/nothing.js",
      "/../server/entry-server.js",
      "/%2e%2e/server/entry-server.js",
      "/.vite/manifest.json",
    ]) {
      expect((await get(path)).status, path).toBe(404);
    }
    const head = await fetch(`${edge.url}/favicon.svg`, { method: "HEAD" });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe("");
  });
});

test("the bundle holds nothing that only browsers run, and stays small", async () => {
  // The SDK's XML reader for browsers, hls.js, the player's elements, the uploader.
  for (const word of ["DOMParser", "MediaSource(", "customElements.define", "golden-retriever"]) {
    expect(edge.bundle.includes(word), word).toBe(false);
  }
  // The limit of Cloudflare's free plan is 3 MiB.
  expect(gzipSync(edge.bundle).length).toBeLessThan(1024 * 1024);
});
