/**
 * Queries as signals. They never suspend: a query that is read again under Suspense takes its page out of the
 * document for an instant, and with it the focus, an open question and a running player. Browser only, as the
 * cache.
 */
import {
  type InfiniteData,
  InfiniteQueryObserver,
  type InfiniteQueryObserverOptions,
  type InfiniteQueryObserverResult,
  type QueryKey,
  QueryObserver,
  type QueryObserverOptions,
  type QueryObserverResult,
} from "@tanstack/query-core";
import { type Accessor, createComputed, createMemo, on, onCleanup, untrack } from "solid-js";
import { createStore } from "solid-js/store";
import { queryClient } from "./cache.ts";

/** What is known of a query; `data` is undefined until its first answer. Reads again when `options` change. */
export function useQuery<T, K extends QueryKey = QueryKey>(
  options: Accessor<QueryObserverOptions<T, Error, T, T, K>>,
): QueryObserverResult<T> {
  const now = createMemo(() => options());
  const observer = new QueryObserver(queryClient, untrack(now));
  return followed(observer, now, (next) => observer.setOptions(next));
}

/** The same of a list that is read page after page. */
export function useInfiniteQuery<P, C, K extends QueryKey = QueryKey>(
  options: Accessor<InfiniteQueryObserverOptions<P, Error, InfiniteData<P, C>, K, C>>,
): InfiniteQueryObserverResult<InfiniteData<P, C>> {
  const now = createMemo(() => options());
  const observer = new InfiniteQueryObserver(queryClient, untrack(now));
  return followed(observer, now, (next) => observer.setOptions(next));
}

type Observer<R> = { subscribe(listener: () => void): () => void; getCurrentResult(): R };

function followed<R extends object, O>(
  observer: Observer<R>,
  options: Accessor<O>,
  setOptions: (next: O) => void,
): R {
  const [result, setResult] = createStore<R>({ ...observer.getCurrentResult() });
  const follow = () => setResult(observer.getCurrentResult());
  // Untracked: it begins to fetch, and what the fetch reads is none of the caller's.
  onCleanup(untrack(() => observer.subscribe(follow)));
  follow();
  createComputed(
    on(
      options,
      (next) => {
        setOptions(next);
        follow();
      },
      { defer: true },
    ),
  );
  return result;
}
