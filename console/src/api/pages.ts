/** Options of `$api.useInfiniteQuery` for lists that a cursor goes through. */
export const CURSOR = {
  pageParamName: "cursor",
  // Undefined would be sent as cursor=0.
  initialPageParam: null,
  getNextPageParam: (page: { next_cursor?: string | null }) => page.next_cursor ?? undefined,
} as const;
