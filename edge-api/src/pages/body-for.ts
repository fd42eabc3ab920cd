/** The body that a request is answered with, of an answer that was made for it. */

/** None for HEAD, whose producer is told: without the cancel it would wait forever for a reader. */
export async function bodyFor(request: Request, { body }: Response): Promise<ReadableStream | null> {
  if (request.method !== "HEAD") return body;
  await body?.cancel();
  return null;
}
