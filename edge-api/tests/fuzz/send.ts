/** Sends what was drawn, and says what is wrong with the answer. */
import type { ApiDocument, Operation } from "./document.ts";
import { type Drawn, ID } from "./inputs.ts";
import { type Ids, keepId, MARK, type World } from "./world.ts";

export type Sent = { operation: string; caller: string; status: number };

/** Answers that say that something is broken, whatever the document lists. */
const isBroken = (status: number) => status >= 500 && status !== 501;

/** Throws an `Error` that shows request and answer where the answer is not as the document says, or tells too much. */
export async function send(
  url: string,
  { operations }: ApiDocument,
  { callers, own, others }: World,
  drawn: Drawn,
): Promise<Sent> {
  const operation = operations.find(({ name }) => name === drawn.operation);
  const caller = callers[drawn.caller];
  if (!operation || !caller) throw new Error(`nothing is named ${drawn.operation}`);
  const filled = (text: string, word: string) =>
    text.replace(ID, (_, whose: string, n: string) => {
      const ids = (whose === "others" && !caller.isAdmin ? others : own).get(word) ?? [];
      return ids[Number(n) % Math.max(1, ids.length)] ?? "AAAAAAAAAAAAAAAAAAAAAA";
    });
  const { path, word } = pathOf(operation, drawn, filled);
  const query = new URLSearchParams(drawn.query.map(([name, value]) => [name, value.toWellFormed()]));
  const authorization = caller.authorization();
  const body = drawn.body === undefined ? undefined : filled(drawn.body, word);
  const headers = new Headers();
  for (const [name, value] of Object.entries(drawn.headers)) if (value) headers.set(name, value);
  if (authorization) headers.set("authorization", `Bearer ${authorization}`);
  if (body !== undefined) headers.set("content-type", drawn.contentType);
  const request = { method: operation.method, headers, ...(body === undefined ? {} : { body }) };
  const address = `${url}${path}${query.size > 0 ? `?${query}` : ""}`;
  const answer = await fetch(address, { ...request, signal: AbortSignal.timeout(180_000) });
  const type = (answer.headers.get("content-type") ?? "").split(";")[0] ?? "";
  if (type === "text/event-stream") await answer.body?.cancel();
  const text = type === "text/event-stream" ? "" : await answer.text();
  const wrong = faultOf(operation, answer.status, type, text) ?? leakIn(text, caller.isAdmin === true);
  if (wrong)
    throw new Error(
      shown(wrong, `${caller.name}: ${operation.method} ${address}`, body, answer.status, text),
    );
  if (answer.status === 201 || answer.status === 202) keepIds(own, word, text);
  return { operation: operation.name, caller: caller.name, status: answer.status };
}

/** `word` is the one before the last parameter, or the last one: what is made or named there. */
function pathOf(operation: Operation, drawn: Drawn, filled: (text: string, word: string) => string) {
  let word = "";
  const path = operation.path
    .split("/")
    .map((segment) => {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1];
      if (name === undefined) {
        word = segment;
        return segment;
      }
      return encodeURIComponent(filled(drawn.path[name] ?? "", word));
    })
    .join("/");
  return { path, word };
}

function faultOf({ answers }: Operation, status: number, type: string, text: string): string | undefined {
  if (isBroken(status)) return "it is broken";
  const types = answers.get(status);
  if (!types) return "the document does not list this status";
  if (types.size === 0) return text === "" ? undefined : "the document says that there is no body";
  const check = types.get(type);
  if (!check) return `the document does not list ${type}`;
  return type.endsWith("json") ? check(JSON.parse(text)) : undefined;
}

const leakIn = (text: string, isAdmin: boolean) =>
  !isAdmin && text.includes(MARK) ? "it tells what is somebody else's" : undefined;

const shown = (wrong: string, request: string, body: string | undefined, status: number, text: string) =>
  [wrong, request, body?.slice(0, 500) ?? "(no body)", String(status), text.slice(0, 800)].join("\n");

/** What was made can be used by later calls. */
function keepIds(own: Ids, word: string, text: string): void {
  const found: [string, RegExp][] = [
    [word, /"id":"([^"]+)"/],
    ["shared", /\/s\/(sxs_[\w-]+)"/],
    ["linked", /"token":"(sxu_[\w-]+)"/],
    ["deliveries", /"deliveryId":"([^"]+)"/],
  ];
  for (const [name, pattern] of found) {
    const id = pattern.exec(text)?.[1];
    if (id) keepId(own, name, id);
  }
}
