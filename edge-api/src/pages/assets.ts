/** Serves the dashboard's static files on plain workerd. Cloudflare serves them itself. */
import type { Env } from "../config.ts";
import { isNamed } from "../http/answers/etag.ts";
import { bodyFor } from "./body-for.ts";

const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  webmanifest: "application/manifest+json",
  txt: "text/plain; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
  avif: "image/avif",
  ico: "image/x-icon",
  woff2: "font/woff2",
};
/** File names that contain a hash of the content. */
const HASHED = /^\/(_build\/)?assets\//;
/** Compressed variants written at build time, in our order of preference. */
const ENCODINGS = [
  { name: "br", ending: ".br" },
  { name: "gzip", ending: ".gz" },
] as const;

/** The asset's content type by file extension; undefined for a page. */
function typeOf(path: string): string | undefined {
  return TYPES[/\.([a-z0-9]+)$/.exec(path)?.[1] ?? ""];
}

/** Whether `answerAsset` serves the path. */
export function isAssetPath(path: string): boolean {
  return typeOf(path) !== undefined;
}

/** Answers GET and HEAD for an asset; 404 if it is missing. */
export async function answerAsset(request: Request, env: Env): Promise<Response> {
  const { pathname } = new URL(request.url);
  const cacheControl = HASHED.test(pathname) ? "public, max-age=31536000, immutable" : "no-cache";
  const found = await find(request, pathname, env);
  if (!found || found.status === 404) return new Response("Not found\n", { status: 404, headers: PLAIN });
  const headers = new Headers(found.headers);
  headers.set("cache-control", cacheControl);
  const encoded = headers.has("content-encoding");
  return new Response(await bodyFor(request, found), {
    status: found.status,
    headers,
    // The bytes are already compressed: the runtime must not compress them again.
    ...(encoded && { encodeBody: "manual" as const }),
  });
}

/** Skips folders that start with a dot, which hold the build's own metadata (`/.vite/`). */
async function find(request: Request, pathname: string, env: Env): Promise<Response | undefined> {
  if (pathname.includes("/.")) return undefined;
  return env.ASSETS ? env.ASSETS.fetch(request) : fromDisk(request, pathname, env.ASSETS_DISK);
}

const PLAIN = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };

async function fromDisk(
  request: Request,
  pathname: string,
  disk: Fetcher | undefined,
): Promise<Response | undefined> {
  const variants = acceptedEncodings(request.headers.get("accept-encoding") ?? "");
  for (const { ending, name } of [...variants, { ending: "", name: undefined }]) {
    const file = await disk?.fetch(`http://assets${pathname}${ending}`);
    if (!file) return undefined;
    if (!file.ok) {
      await file.body?.cancel();
      continue;
    }
    const etag = etagOf(file, ending);
    const headers = new Headers({
      "content-type": typeOf(pathname) ?? "application/octet-stream",
      etag,
      vary: "accept-encoding",
    });
    if (name) headers.set("content-encoding", name);
    if (isNamed(request.headers.get("if-none-match"), etag)) {
      await file.body?.cancel();
      return new Response(null, { status: 304, headers });
    }
    const length = file.headers.get("content-length");
    if (length) headers.set("content-length", length);
    return new Response(file.body, { headers, ...(name && { encodeBody: "manual" as const }) });
  }
  return undefined;
}

/** Encodings with `q=0` are excluded (RFC 9110, section 12.5.3). */
function acceptedEncodings(header: string): (typeof ENCODINGS)[number][] {
  const accepted = header
    .toLowerCase()
    .split(",")
    .map((item) => item.trim())
    .filter((item) => !/;\s*q=0(\.0*)?$/.test(item))
    .map((item) => item.split(";")[0]);
  return ENCODINGS.filter(({ name }) => accepted.includes(name));
}

/**
 * ETag from size, modification time and encoding: a build that changes neither size nor time changed nothing.
 * Weak, because bytes are not compared.
 */
function etagOf(file: Response, ending: string): string {
  const changed = Date.parse(file.headers.get("last-modified") ?? "") || 0;
  return `W/"${file.headers.get("content-length") ?? 0}-${changed.toString(36)}${ending}"`;
}
