/**
 * What the test files of one run share: it starts when the first of them asks for it, and stops with the run.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { z } from "zod";

export type Shared = { url: string; stop(): Promise<void> };

/**
 * Offers what `start` creates to other processes, at `url` on loopback. `start` runs once, at the first
 * request; a run that never asks starts nothing. `value` is sent as JSON.
 */
export async function share(
  start: () => Promise<{ value: unknown; stop(): Promise<void> }>,
): Promise<Shared> {
  let started: ReturnType<typeof start> | undefined;
  const server = createServer((_, response) => {
    started ??= start();
    started.then(
      ({ value }) => response.end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      const running = await started?.catch(() => undefined);
      await running?.stop();
    },
  };
}

/** Asks for what is shared at `url`; throws with the reason where it did not start. */
export async function takeShared<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await fetch(url);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return schema.parse(JSON.parse(text));
}
