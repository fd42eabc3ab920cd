/**
 * The product under load: a stack without workers, accounts with a page of completed videos each, and the
 * requests they send.
 */
import { madeApiKeySchema } from "@storagex/contract/accounts/api-keys";
import pg from "pg";
import { expectJson, type Person, playback, register } from "../../e2e/testing/account.ts";
import { connections } from "../../e2e/testing/losses.ts";
import { type RunningStack, startStack } from "../../e2e/testing/running-stack.ts";
import { treeCpu } from "../transcode/cpu.ts";
import type { Ask } from "./load.ts";
import { completedVideo } from "./rows.ts";

/** A page of the library. */
const VIDEOS_EACH = 24;
const FILM_SECONDS = 300;

/**
 * What is measured, against the first; `atLeast` is the target for its share of the first route's requests
 * per second. `list by key` is the same list, asked for with an API key.
 */
export const ROUTES = [
  { name: "healthz", atLeast: null },
  { name: "me", atLeast: 0.4 },
  { name: "list", atLeast: 0.2 },
  { name: "list by key", atLeast: null },
  { name: "video", atLeast: 0.2 },
  { name: "playback", atLeast: 0.2 },
  { name: "playlists", atLeast: 0.4 },
] as const;
export type RouteName = (typeof ROUTES)[number]["name"];

const PROCESSES = ["workerd", "sql-endpoint", "postgres"] as const;
/** CPU seconds by process. */
export type Cpu = Record<(typeof PROCESSES)[number], number>;

type Client = { person: Person; key: string; videoIds: readonly string[] };

export class Stage implements AsyncDisposable {
  readonly #stack: RunningStack;
  readonly #clients: readonly Client[];

  private constructor(stack: RunningStack, clients: readonly Client[]) {
    this.#stack = stack;
    this.#clients = clients;
  }

  /** Starts a stack with `count` accounts, each with a page of videos. */
  static async start(count: number): Promise<Stage> {
    const stack = await startStack({
      STORAGEX_WORKERS: "0",
      STORAGEX_RATE_PER_MINUTE: "0",
      LOG_LEVEL: "info",
    });
    const { databaseUrl } = await connections(stack);
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    try {
      const clients: Client[] = [];
      for (let n = 0; n < count; n += 1) {
        const person = await register(() => stack.url);
        const videoIds: string[] = [];
        for (let made = 0; made < VIDEOS_EACH; made += 1)
          videoIds.push(await completedVideo(database, person.user.id, FILM_SECONDS));
        const made = await person.call("POST", "/v1/keys", { name: "bench", scopes: ["videos:read"] });
        const { secret } = madeApiKeySchema.parse(await expectJson(made, 201));
        clients.push({ person, key: secret, videoIds });
      }
      await database.query("ANALYZE");
      return new Stage(stack, clients);
    } finally {
      await database.end();
    }
  }

  get url(): string {
    return this.#stack.url;
  }

  /** The data folder of the stack. */
  get folder(): string {
    return this.#stack.folder;
  }

  get people(): readonly Person[] {
    return this.#clients.map(({ person }) => person);
  }

  /** The requests of each client, with tokens that are valid for five minutes. */
  async asks(route: RouteName): Promise<Ask[][]> {
    return Promise.all(this.#clients.map((client) => this.#asksOf(client, route)));
  }

  async #asksOf({ person, key, videoIds }: Client, route: RouteName): Promise<Ask[]> {
    await person.refresh();
    const headers = { authorization: `Bearer ${person.token()}` };
    const each = (path: (id: string) => string) => videoIds.map((id) => ({ path: path(id), headers }));
    switch (route) {
      case "healthz":
        return [{ path: "/healthz" }];
      case "me":
        return [{ path: "/v1/me", headers }];
      case "list":
        return [{ path: "/v1/videos", headers }];
      case "list by key":
        return [{ path: "/v1/videos", headers: { authorization: `Bearer ${key}` } }];
      case "video":
        return each((id) => `/v1/videos/${id}`);
      case "playback":
        return each((id) => `/v1/videos/${id}/playback`);
      case "playlists":
        return this.#playlists(person, videoIds);
    }
  }

  async #playlists(person: Person, videoIds: readonly string[]): Promise<Ask[]> {
    const asks: Ask[] = [];
    for (const id of videoIds) {
      const { hls } = await playback(person, id);
      if (!hls) throw new Error("a completed video has no playlist");
      const master = new URL(hls).pathname;
      asks.push({ path: master }, { path: master.replace("master.m3u8", "720p.m3u8") });
    }
    return asks;
  }

  /** CPU seconds so far. */
  async cpu(): Promise<Cpu> {
    const [workerd = 0, endpoint = 0, postgres = 0] = await Promise.all(
      PROCESSES.map(async (name) => treeCpu(await this.#stack.pid(name))),
    );
    return { workerd, "sql-endpoint": endpoint, postgres };
  }

  /** How many videos the first account's list shows: proves that the responses are not empty. */
  async shown(): Promise<number> {
    const [first] = this.people;
    const page = await expectJson((await first?.call("GET", "/v1/videos")) ?? new Response(null), 200);
    return typeof page === "object" && page && "items" in page && Array.isArray(page.items)
      ? page.items.length
      : 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.dispose();
  }
}
