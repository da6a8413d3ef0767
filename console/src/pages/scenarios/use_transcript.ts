/** The captured conversation of a session of any kind, read forward by pages. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, type Schema } from "@/api/client";
import { agentTurns } from "@/transcript/agent_turns";
import { readResults } from "@/transcript/evaluation_pages";
import { evaluationTurns } from "@/transcript/evaluation_turns";
import { playgroundTurns } from "@/transcript/playground_turns";
import type { Entry, Turn } from "@/transcript/turns";

type Session = Pick<Schema["CapturedSession"], "id" | "kind">;

/** One page as its kind has it. */
type Page = {
  next: string | null;
  events?: Schema["Event"][];
  traced?: Schema["TracedTurn"][];
  results?: Schema["InferenceResult"][];
  traces?: Schema["Trace"][];
};

/** Return the entries that people read: messages, calls, problems. */
export function useTranscript(session: Session | undefined) {
  const query = useInfiniteQuery({
    queryKey: ["transcript of a draft", session?.id],
    queryFn: ({ pageParam }) => readPage(session as Session, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: session !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const kind = session?.kind;
  const entries = useMemo<Entry[]>(
    () =>
      turnsOf(kind, query.data?.pages ?? [])
        .flatMap((turn) => turn.entries)
        .filter(isRead),
    [kind, query.data],
  );
  return { query, entries };
}

const isRead = (entry: Entry) => entry.kind !== "events";

function turnsOf(kind: Session["kind"] | undefined, pages: readonly Page[]): Turn[] {
  if (kind === "agent") return agentTurns(pages.flatMap((page) => page.events ?? []));
  if (kind === "playground") return playgroundTurns(pages.flatMap((page) => page.traced ?? []));
  return evaluationTurns(
    pages.flatMap((page) => page.results ?? []),
    pages.flatMap((page) => page.traces ?? []),
  );
}

async function readPage({ id, kind }: Session, cursor: string | null): Promise<Page> {
  if (kind === "agent") return readEvents(id, cursor);
  if (kind === "playground") return readTrace(id, cursor);
  return readResults(id, cursor);
}

/** Events of one request. */
const EVENTS = 300;

async function readEvents(id: string, cursor: string | null): Promise<Page> {
  const { data } = await api.GET("/v1/sessions/{session_id}/events", {
    params: {
      path: { session_id: id },
      query: { limit: EVENTS, after_sequence: Number(cursor ?? 0) },
    },
  });
  const events = data?.data ?? [];
  const last = events.at(-1)?.sequence;
  return { events, next: events.length === EVENTS && last != null ? String(last) : null };
}

async function readTrace(id: string, cursor: string | null): Promise<Page> {
  const { data } = await api.GET("/v1/workflow/playground/sessions/{session_id}/trace", {
    params: { path: { session_id: id }, query: { limit: 100, ...(cursor && { cursor }) } },
  });
  return { traced: data?.items ?? [], next: data?.next_cursor ?? null };
}
