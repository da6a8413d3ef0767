import { useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { api, type Schema } from "@/api/client";
import { evaluationTurns } from "@/transcript/evaluation_turns";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { NO_FILTER } from "./filter";
import type { Session } from "./requests";
import { Timeline } from "./timeline";
import { TimelineBar } from "./timeline_bar";
import { useConnection } from "./use_connection";
import { useForwardPages } from "./use_forward_pages";
import { useForwardPlace } from "./use_forward_place";

/** Turns of one request: as many as a request for their steps may name. */
const PAGE = 100;
const CURSOR = "x-next-cursor";
/** Pause between two looks at an open session, in milliseconds. */
const POLL = 5_000;

type Props = { session: Session };
type TurnPage = {
  results: Schema["InferenceResult"][];
  traces: Schema["Trace"][];
  next: string | null;
};

/** Timeline of an evaluation session; an open one is looked at again and again. */
export function EvaluationSession({ session }: Props) {
  const { query, readNext, reload } = useForwardPages(["inference results", session.id], (cursor) =>
    readPage(session.id, cursor),
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
  const isConnected = useConnection();
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

async function readPage(sessionId: string, cursor: string | null): Promise<TurnPage> {
  const { data, response } = await api.GET("/inferenceResults", {
    params: { query: { sessionIds: [sessionId], limit: PAGE, ...(cursor && { cursor }) } },
  });
  const results = data ?? [];
  const traces = results.length === 0 ? [] : await readTraces(results.map((one) => one.id));
  return { results, traces, next: response.headers.get(CURSOR) };
}

async function readTraces(inferenceResultIds: string[]): Promise<Schema["Trace"][]> {
  const traces: Schema["Trace"][] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const page: TracePage = await readTracePage(inferenceResultIds, cursor);
    traces.push(...page.traces);
    cursor = page.next;
  }
  return traces;
}

type TracePage = Pick<TurnPage, "traces" | "next">;

async function readTracePage(inferenceResultIds: string[], cursor: string): Promise<TracePage> {
  const query = { inferenceResultIds, ...(cursor && { cursor }) };
  const { data, response } = await api.GET("/traces", { params: { query } });
  return { traces: data ?? [], next: response.headers.get(CURSOR) };
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
