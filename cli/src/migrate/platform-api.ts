/** Calls of another platform's API: every answer is checked, unknown fields are let through. */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { CommandError, EXIT, reasonOf } from "../exit-codes.ts";
import type { Fetch } from "./polite-fetch.ts";

/** The platform refused one call, or answered something else than it documents. */
export class PlatformError extends Error {
  override name = "PlatformError";
  /** undefined: not refused. */
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

type Call = { method?: "GET" | "POST" | "PUT"; json?: unknown; form?: Record<string, string> };

type Settings = {
  /** As people know it. */
  platform: string;
  /** Calls name paths below it. */
  base: string;
  fetch: Fetch;
  signal: AbortSignal;
  /** The header `authorization`. */
  authorization(): Promise<string>;
  /** After a 401: makes the next header, or says that there is none. */
  renew?(refused: string): Promise<boolean>;
  /** What a refusal says of itself. */
  reason: z.ZodType<string>;
};

export type PlatformApi = ReturnType<typeof platformApi>;

export function platformApi(settings: Settings) {
  const { platform, fetch, signal } = settings;
  const base = settings.base.replace(/\/+$/, "");

  async function send(url: string, { method = "GET", json, form }: Call): Promise<Response> {
    // Credentials are for the API only: files may lie anywhere.
    const isOurs = new URL(url).origin === new URL(base).origin;
    for (let isRenewed = false; ; isRenewed = true) {
      const authorization = isOurs ? await settings.authorization() : undefined;
      const answer = await fetch(
        new Request(url, {
          method,
          headers: {
            ...(authorization !== undefined && { authorization }),
            ...(json !== undefined && { "content-type": "application/json" }),
          },
          ...(json !== undefined && { body: JSON.stringify(json) }),
          ...(form && { body: new URLSearchParams(form) }),
        }),
      );
      if (answer.status !== 401 || authorization === undefined) return answer;
      if (isRenewed || !(await settings.renew?.(authorization))) {
        const reason = await reasonIn(answer);
        throw new CommandError(`${platform} does not accept the credentials: ${reason}`, EXIT.refused);
      }
      await answer.body?.cancel();
    }
  }

  async function reasonIn(answer: Response): Promise<string> {
    const body: unknown = await answer.json().catch(() => undefined);
    const { data } = settings.reason.safeParse(body);
    return data ?? (answer.statusText || `HTTP ${answer.status}`);
  }

  async function succeed(path: string, url: string, call: Call): Promise<Response> {
    const answer = await send(url, call);
    if (!answer.ok)
      throw new PlatformError(
        `${platform}: ${path} answered ${answer.status}: ${await reasonIn(answer)}`,
        answer.status,
      );
    return answer;
  }

  return {
    base,
    /** The checked answer of a call. Throws PlatformError, and CommandError where the others would fail, too. */
    async json<T>(path: string, schema: z.ZodType<T>, call: Call = {}): Promise<T> {
      const answer = await succeed(path, `${base}${path}`, call).catch((error: unknown) => {
        signal.throwIfAborted();
        const isUnreached = error instanceof TypeError && error.message === "fetch failed";
        if (!isUnreached) throw error;
        throw new CommandError(`${platform} was not reached: ${reasonOf(error.cause)}`, EXIT.unreached);
      });
      const { data, error } = schema.safeParse(await answer.json().catch(() => undefined));
      if (error) throw new PlatformError(`${platform}: ${path}: ${flaw(error)}`);
      return data;
    },
    /** The text of a file, wherever it lies. Throws PlatformError. */
    async text(url: string): Promise<string> {
      const path = new URL(url).pathname;
      const answer = await succeed(path, url, {}).catch((error: unknown) => {
        signal.throwIfAborted();
        throw error instanceof TypeError ? new PlatformError(`${path} was not reached`) : error;
      });
      return answer.text();
    },
    /** Asks until `look` finds something. */
    async poll<T>(look: () => Promise<T | undefined>): Promise<T> {
      for (let wait = 1_000; ; wait = Math.min(15_000, wait * 1.5)) {
        const found = await look();
        if (found !== undefined) return found;
        await sleep(wait, undefined, { signal });
      }
    },
  };
}

/** What is wrong with an answer, in a line. */
export const flaw = (error: z.ZodError): string =>
  `its answer is not as documented: ${z.prettifyError(error).replaceAll(/\s+/g, " ")}`;
