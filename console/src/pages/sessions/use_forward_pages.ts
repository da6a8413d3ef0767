import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";

/** A page, and where the next one begins; null on the last page. */
type Page = { next: string | null };

/** Pages that are read forward, one by one; `reload` reads the last one anew. */
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
  async function reload() {
    const last = (query.data?.pageParams.at(-1) ?? null) as string | null;
    // What was read stays while the API does not answer: the next look may succeed.
    const page = await read(last).catch(() => null);
    if (page === null) return;
    queries.setQueryData<typeof query.data>(
      queryKey,
      (data) => data && { ...data, pages: [...data.pages.slice(0, -1), page] },
    );
  }
  return { query, reload };
}
