/** Requests to addresses that others chose, on real sockets: what is not public or listed is never connected to. */
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { readAllowList } from "@storagex/contract/net/addresses";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EgressRequest, egressRequest, Refused, readStart } from "./request.ts";

let server: Server;
let port: number;
/** Requests that reached the server, by host header and path. */
const reached: string[] = [];
/** How the server answers a path; 204 otherwise. */
const answers = new Map<string, RequestListener>();

beforeAll(async () => {
  server = createServer((request, response) => {
    reached.push(`${request.headers.host}${request.url}`);
    const answer = answers.get(request.url ?? "");
    if (answer) return answer(request, response);
    response.writeHead(204).end();
  });
  // Every address of the machine: a request that slips through arrives.
  await new Promise<void>((resolve) => server.listen(0, "::", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const listed = readAllowList("127.0.0.1");
const ask = (url: string, more: Partial<EgressRequest> = {}) =>
  egressRequest(url, {
    method: "POST",
    headers: {},
    body: "{}",
    allow: listed,
    maxRedirects: 5,
    signal: AbortSignal.timeout(300_000),
    ...more,
  });
const at = (path: string, host = "127.0.0.1") => `http://${host}:${port}${path}`;
const redirect = (from: string, to: string) =>
  answers.set(from, (_, response) => response.writeHead(302, { location: to }).end());

test("a listed address is reached, and nothing else that leads to this machine", async () => {
  expect((await ask(at("/"))).statusCode).toBe(204);
  expect(reached.splice(0)).toEqual([`127.0.0.1:${port}/`]);
  const none = readAllowList("");
  for (const host of [
    "127.0.0.1",
    "2130706433",
    "0177.0.0.1",
    "0x7f000001",
    "127.1",
    "0.0.0.0",
    "[::1]",
    "[::]",
  ])
    await expect(ask(at("/", host), { allow: none }), host).rejects.toThrow(Refused);
  for (const host of ["127.0.0.2", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "localhost"])
    await expect(ask(at("/", host), { resolve: async () => ["127.0.0.2"] }), host).rejects.toThrow(Refused);
  for (const url of ["file:///etc/passwd", `gopher://127.0.0.1:${port}/`, `ftp://127.0.0.1:${port}/`])
    await expect(ask(url), url).rejects.toThrow(Refused);
  expect(reached).toEqual([]);
});

test("every address of a name counts, plain http needs a listed one, and names that are listed need no more", async () => {
  const resolve = (...found: string[]) => ({ resolve: async () => found });
  for (const found of [
    ["127.0.0.2"],
    ["127.0.0.1", "10.0.0.1"],
    ["127.0.0.1", "::1"],
    ["93.184.216.34"],
    ["::ffff:127.0.0.1"],
  ])
    await expect(ask(at("/", "a.example.org"), resolve(...found)), String(found)).rejects.toThrow(Refused);
  await expect(ask(at("/", "a.example.org"), resolve())).rejects.toThrow("no address");
  expect(reached).toEqual([]);
  expect((await ask(at("/", "a.example.org"), resolve("127.0.0.1"))).statusCode).toBe(204);
  const byName = { allow: readAllowList("a.example.org"), ...resolve("::1") };
  expect((await ask(at("/", "a.example.org"), byName)).statusCode).toBe(204);
  expect(reached.splice(0)).toHaveLength(2);
});

test("where plain http is allowed, a private address is refused all the same", async () => {
  const plain = { plainHttp: true, allow: readAllowList("") };
  const resolve = async () => ["10.0.0.1"];
  await expect(ask(at("/", "a.example.org"), { ...plain, resolve })).rejects.toThrow(
    "not on the public internet",
  );
  // A public one passes the filter; here nothing answers there.
  const aborted = AbortSignal.abort(new Error("let through"));
  const toPublic = { ...plain, resolve: async () => ["93.184.216.34"], signal: aborted };
  await expect(ask(at("/", "93.184.216.34"), toPublic)).rejects.not.toThrow(Refused);
  expect(reached).toEqual([]);
});

test("a name is asked for once, and the connection goes there, whatever it becomes; a redirect asks again", async () => {
  const found = ["127.0.0.1", "127.0.0.2"];
  let asked = 0;
  const resolve = async () => [found[asked++] ?? "127.0.0.3"];
  expect((await ask(at("/", "changes.example.org"), { resolve })).statusCode).toBe(204);
  expect(asked).toBe(1);
  asked = 0;
  redirect("/again", at("/second", "changes.example.org"));
  await expect(ask(at("/again", "changes.example.org"), { resolve })).rejects.toThrow(Refused);
  expect(asked).toBe(2);
  expect(reached.splice(0).map((line) => line.slice(line.indexOf("/")))).toEqual(["/", "/again"]);
});

test("each redirect is checked like the first address; too many, or to nowhere, are refused", async () => {
  const targets = [
    at("/in", "127.0.0.2"),
    at("/in", "[::1]"),
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "http://[",
  ];
  for (const target of targets) {
    redirect("/out", target);
    await expect(ask(at("/out")), target).rejects.toThrow(Refused);
  }
  expect(reached.splice(0).every((line) => line.endsWith("/out"))).toBe(true);
  redirect("/round", "/round");
  await expect(ask(at("/round"))).rejects.toThrow("more than 5 redirects");
  expect(reached.splice(0)).toHaveLength(6);
  redirect("/once", "/arrived");
  expect((await ask(at("/once"))).statusCode).toBe(204);
  expect((await ask(at("/once"), { maxRedirects: 0 })).statusCode).toBe(302);
  reached.splice(0);
});

test("an answer without an end, one that trickles, one of 100 GB, and one that lies about its length keep nobody", async () => {
  answers.set("/endless", (_, response) => {
    const more = () => {
      while (response.write("x".repeat(16_384)));
    };
    response.on("drain", more);
    more();
  });
  answers.set("/trickle", (_, response) => {
    response.writeHead(200).write("slow");
  });
  answers.set("/huge", (_, response) => {
    response.writeHead(200, { "content-length": String(100e9) }).write("y".repeat(2_000));
  });
  answers.set("/short", (_, response) => {
    response.writeHead(200, { "content-length": "1000" }).write("z".repeat(10), () => response.destroy());
  });
  const start = async (path: string, ms = 20_000) =>
    (await readStart(await ask(at(path)), 1_024, ms)).toString();
  expect(await start("/endless")).toBe("x".repeat(1_024));
  expect(await start("/huge")).toBe("y".repeat(1_024));
  expect(await start("/trickle", 300)).toBe("slow");
  expect(await start("/short")).toBe("z".repeat(10));
  reached.splice(0);
});

test("who never answers, and a name server that never does, end with the signal", async () => {
  const deaf = createSocketServer(() => undefined);
  await new Promise<void>((resolve) => deaf.listen(0, "127.0.0.1", resolve));
  const { port: deafPort } = deaf.address() as AddressInfo;
  const within = () => ({ signal: AbortSignal.timeout(300) });
  await expect(ask(`http://127.0.0.1:${deafPort}/`, within())).rejects.toThrow();
  const never = () => new Promise<string[]>(() => undefined);
  await expect(ask(at("/", "never.example.org"), { ...within(), resolve: never })).rejects.toThrow("timeout");
  deaf.close();
});
