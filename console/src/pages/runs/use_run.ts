/** A run and its results as they go on. */
import { useEffect, useRef } from "react";
import { $api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { CURSOR } from "@/api/pages";
import { isLive, pollingPause, type Result, type Run } from "./runs";

/** Pages of results that are loaded without asking; each has 200. */
const AUTO_PAGES = 10;

/** Return the pause before the next request by the time since `data` last changed. */
export function usePause() {
  const seen = useRef<{ data: unknown; at: number }>({ data: null, at: 0 });
  return (data: unknown) => {
    if (seen.current.data !== data) seen.current = { data, at: Date.now() };
    return pollingPause(seen.current.at, Date.now());
  };
}

/** Read a run, again and again until it has ended. */
export function useRun(runId: string) {
  const pause = usePause();
  return $api.useQuery(
    "get",
    "/v1/runs/{run_id}",
    { params: { path: { run_id: runId } } },
    {
      refetchOnWindowFocus: "always",
      refetchInterval: ({ state: { data, error } }) => {
        if (error instanceof ApiError && error.status >= 400 && error.status < 429) return false;
        return data && isLive(data) ? pause(data) : false;
      },
    },
  );
}

export type Results = {
  items: readonly Result[];
  isPending: boolean;
  error: unknown;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
  retry: () => void;
};

/** Read the results of a run, up to 2,000 at first, and follow those of one that goes on. */
export function useResults(run: Run): Results {
  const live = isLive(run);
  const pause = usePause();
  const query = $api.useInfiniteQuery(
    "get",
    "/v1/runs/{run_id}/results",
    { params: { path: { run_id: run.id }, query: { limit: 200 } } },
    {
      ...CURSOR,
      refetchInterval: ({ state: { data } }) =>
        live ? Math.max(pause(data), 1_000 * (data?.pages.length ?? 1)) : false,
    },
  );
  const { refetch, fetchNextPage, hasNextPage, isFetching, error } = query;
  const wasLive = useRef(live);
  useEffect(() => {
    // The last answer may be older than the end of the run.
    if (wasLive.current && !live) void refetch();
    wasLive.current = live;
  }, [live, refetch]);
  const pages = query.data?.pages.length ?? 0;
  useEffect(() => {
    // After an error the notice's button or the next refetch goes on, not each render.
    if (hasNextPage && !isFetching && !error && pages < AUTO_PAGES) void fetchNextPage();
  }, [hasNextPage, isFetching, error, pages, fetchNextPage]);
  return {
    items: query.data?.pages.flatMap((page) => page.items) ?? [],
    isPending: query.isPending,
    error,
    hasMore: hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void fetchNextPage(),
    retry: () => void refetch(),
  };
}

/** Return names of personas by their ids. */
export function usePersonaNames(ids: readonly string[]): ReadonlyMap<string, string> {
  const personas = $api.useQuery(
    "get",
    "/v1/personas",
    { params: { query: { limit: 200 } } },
    { enabled: ids.length > 0, staleTime: 60_000 },
  ).data;
  return new Map(personas?.items.map((one) => [one.id, one.name]));
}
