import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";

/** A page, and where the next one begins; null on the last page. */
type Page = { next: string | null };

/**
 * Pages that are read forward, one by one: `readNext` reads the next one, `reload` the last one anew.
 *
 * After an error the next page is read only when the query is repeated: callers ask at each render.
 */
export function useForwardPages<P extends Page>(
  queryKey: readonly unknown[],
  read: (cursor: string | null) => Promise<P>,
) {
  const queries = useQueryClient();
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const canRead = query.hasNextPage && !query.isFetching && query.error === null;
  const readNext = () => {
    if (canRead) void query.fetchNextPage();
  };
  const reloads = useRef({ begun: 0, shown: 0 });
  async function reload() {
    reloads.current.begun += 1;
    const number = reloads.current.begun;
    const last = (query.data?.pageParams.at(-1) ?? null) as string | null;
    // What was read stays while the API does not answer: the next look may succeed.
    const page = await read(last).catch(() => null);
    // A later look may have been answered first.
    if (page === null || number < reloads.current.shown) return;
    reloads.current.shown = number;
    queries.setQueryData<typeof query.data>(
      queryKey,
      // A further page may have been added meanwhile.
      (data) =>
        data && {
          ...data,
          pages: data.pages.map((one, index) => (data.pageParams[index] === last ? page : one)),
        },
    );
  }
  return { query, readNext, reload };
}
