import { useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { useIsAnswering } from "@/api/answers";
import { readResults } from "@/transcript/evaluation_pages";
import { evaluationTurns } from "@/transcript/evaluation_turns";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { NO_FILTER } from "./filter";
import type { Session } from "./requests";
import { Timeline } from "./timeline";
import { TimelineBar } from "./timeline_bar";
import { useForwardPages } from "./use_forward_pages";
import { useForwardPlace } from "./use_forward_place";

/** Pause between two looks at an open session, in milliseconds. */
const POLL = 5_000;

type Props = { session: Session };

/** Timeline of an evaluation session; an open one is looked at again and again. */
export function EvaluationSession({ session }: Props) {
  const { query, readNext, reload } = useForwardPages(["inference results", session.id], (cursor) =>
    readResults(session.id, cursor),
  );
  const turns = useMemo(() => {
    const pages = query.data?.pages ?? [];
    return evaluationTurns(
      pages.flatMap((page) => page.results),
      pages.flatMap((page) => page.traces),
    );
  }, [query.data]);
  const { place, jump, isSearching } = useForwardPlace(
    useSearch({ strict: false }),
    turns,
    query.hasNextPage,
    readNext,
  );
  const isOpen = session.status === "open";
  const isConnected = useIsAnswering();
  usePolling(isOpen && !query.hasNextPage, reload);
  return (
    <>
      <TimelineBar
        filter={NO_FILTER}
        isConnected={isOpen ? isConnected : undefined}
        turns={turns}
        isWhole={!query.hasNextPage}
        onJump={jump}
      />
      {query.error && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data ? (
        <Timeline
          turns={turns}
          hasLater={query.hasNextPage}
          isLoading={isSearching}
          onLater={readNext}
          place={place}
        />
      ) : (
        <Skeleton height="var(--timeline-height)" />
      )}
    </>
  );
}

function usePolling(isOn: boolean, look: () => Promise<void>) {
  const newest = useRef(look);
  useEffect(() => {
    newest.current = look;
  });
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => {
      if (!document.hidden) void newest.current();
    }, POLL);
    return () => clearInterval(timer);
  }, [isOn]);
}
