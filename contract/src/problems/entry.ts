/** What a problem says: status, title, and what to do. */
export type ProblemEntry = {
  status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 412 | 413 | 415 | 422 | 429 | 500 | 501 | 502 | 503;
  title: string;
  detail: string;
};
