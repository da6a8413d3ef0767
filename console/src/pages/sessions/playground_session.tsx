import { useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { useIsAnswering } from "@/api/answers";
import { useMay } from "@/api/caller";
import { api } from "@/api/client";
import { followStream } from "@/api/stream";
import { playgroundTurns } from "@/transcript/playground_turns";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { NO_FILTER } from "./filter";
import type { Session } from "./requests";
import { Timeline } from "./timeline";
import { TimelineBar } from "./timeline_bar";
import { useFork } from "./use_fork";
import { useForwardPages } from "./use_forward_pages";
import { useForwardPlace } from "./use_forward_place";

type Props = { session: Session; onChange: () => void };

/** Timeline of a playground session, live. */
export function PlaygroundSession({ session, onChange }: Props) {
  const { query, readNext, reload } = useForwardPages(["playground trace", session.id], (cursor) =>
    readPage(session.id, cursor),
  );
  const turns = useMemo(
    () => playgroundTurns(query.data?.pages.flatMap((page) => page.items) ?? []),
    [query.data],
  );
  const hasLater = query.hasNextPage;
  const { place, jump, isSearching } = useForwardPlace(
    useSearch({ strict: false }),
    turns,
    hasLater,
    readNext,
  );
  const news = () => {
    onChange();
    if (!query.hasNextPage) void reload();
  };
  const isConnected = useIsAnswering();
  const live = usePlaygroundStream(session.id, query.isSuccess, news);
  const fork = useFork(session);
  const mayWrite = useMay("write");
  return (
    <>
      <TimelineBar
        filter={NO_FILTER}
        isConnected={isConnected}
        turns={turns}
        isWhole={!query.hasNextPage}
        onJump={jump}
      />
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data ? (
        <Timeline
          turns={turns}
          live={live}
          hasLater={hasLater}
          isLoading={isSearching}
          onLater={readNext}
          place={place}
          onFork={mayWrite ? fork : undefined}
        />
      ) : (
        <Skeleton height="var(--timeline-height)" />
      )}
    </>
  );
}

async function readPage(sessionId: string, cursor: string | null) {
  const { data } = await api.GET("/v1/workflow/playground/sessions/{session_id}/trace", {
    params: {
      path: { session_id: sessionId },
      query: { limit: 100, ...(cursor && { cursor }) },
    },
  });
  return { items: data?.items ?? [], next: data?.next_cursor ?? null };
}

/** Follow the frames of a session: text while it is written, and the end of each turn. */
function usePlaygroundStream(sessionId: string, isReady: boolean, onNews: () => void) {
  const [live, setLive] = useState<string | null>(null);
  const news = useRef(onNews);
  useEffect(() => {
    news.current = onNews;
  });
  useEffect(() => {
    if (!isReady) return;
    const controller = new AbortController();
    const path = `/v1/workflow/playground/sessions/${encodeURIComponent(sessionId)}/sse`;
    void followStream(
      (last) => `${path}${last ? `?since_id=${last}` : ""}`,
      ({ event, data }) => {
        if (event === "delta") setLive((text) => written(text, data));
        if (event !== "complete" && event !== "error") return;
        setLive(null);
        news.current();
      },
      controller.signal,
    );
    return () => controller.abort();
  }, [sessionId, isReady]);
  return live;
}

/** Return the text with a live part added; only live parts have an offset. */
function written(text: string | null, data: string): string | null {
  try {
    const part = JSON.parse(data) as { live?: boolean; offset?: number; text?: string };
    if (!part.live) return text;
    return (text ?? "").slice(0, part.offset ?? 0) + (part.text ?? "");
  } catch {
    return text;
  }
}
