/** A client of the live stream, as a dashboard is one. */

/** Opens a stream and collects its events until it is closed. */
export async function listen(url: string, accessToken: string, lastEventId?: string) {
  const abort = new AbortController();
  const answer = await fetch(`${url}/v1/events`, {
    headers: { authorization: `Bearer ${accessToken}`, ...(lastEventId && { "last-event-id": lastEventId }) },
    signal: abort.signal,
  });
  let text = "";
  let ended = false;
  const reading = (async () => {
    for await (const piece of answer.body ?? []) text += Buffer.from(piece).toString();
    ended = true;
  })().catch(() => undefined);
  return {
    answer,
    text: () => text,
    /** Whether the server has ended the stream. */
    ended: () => ended,
    events: () =>
      [...text.matchAll(/^(?:id: (\S+)\n)?event: (\S+)\ndata: (.*)\n\n/gm)].map(([, id, event, data]) => ({
        id: id ?? "",
        event,
        data: JSON.parse(data ?? "null"),
      })),
    close: async () => {
      abort.abort();
      await reading;
    },
  };
}
