/** The load beside the reads: open live streams, and people who sign in. */
import { Agent, type ClientRequest, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { PASSWORD, type Person } from "../../e2e/testing/account.ts";

/** Opens `count` live streams, divided among `people`; resolves when each has received a response. */
export async function openStreams(
  url: string,
  people: readonly Person[],
  count: number,
): Promise<Disposable> {
  const agent = new Agent({ keepAlive: false });
  const streams: ClientRequest[] = [];
  const open = (person: Person) =>
    new Promise<void>((resolve, reject) => {
      const headers = { authorization: `Bearer ${person.token()}` };
      const stream = request(new URL("/v1/events", url), { agent, headers }, (answer) => {
        if (answer.statusCode !== 200) return reject(new Error(`a stream answered ${answer.statusCode}`));
        answer.on("error", () => undefined).resume();
        resolve();
      });
      stream.on("error", reject);
      stream.end();
      streams.push(stream);
    });
  for (let n = 0; n < count; n += 1) {
    const person = people[n % people.length];
    if (person) await open(person);
  }
  return {
    [Symbol.dispose]: () => {
      for (const stream of streams) stream.on("error", () => undefined).destroy();
    },
  };
}

/** Signs in `count` people at once; those told to retry later do so. Resolves when all are signed in. */
export async function signIn(url: string, people: readonly Person[], count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const email = people[n % people.length]?.email;
      for (;;) {
        const answer = await fetch(new URL("/v1/auth/login", url), {
          method: "POST",
          headers: { "content-type": "application/json", origin: url },
          body: JSON.stringify({ email, password: PASSWORD }),
        });
        await answer.body?.cancel();
        if (answer.status === 200) return;
        if (answer.status !== 429) throw new Error(`a sign-in answered ${answer.status}`);
        await sleep(1000 * Number(answer.headers.get("retry-after") ?? 1));
      }
    }),
  );
}
