import { useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useIsAnswering } from "@/api/answers";
import { useMay } from "@/api/caller";
import { ApiError } from "@/api/errors";
import { agentTurns } from "@/transcript/agent_turns";
import { openCalls, type Turn } from "@/transcript/turns";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { Composer } from "./composer";
import { sequenceOf } from "./event_log";
import { filterOf, isFiltering } from "./filter";
import type { Session } from "./requests";
import { type Place, Timeline } from "./timeline";
import { TimelineBar } from "./timeline_bar";
import { ToolResults } from "./tool_results";
import { useAgentLog, useAgentStream } from "./use_agent_log";
import { useFork } from "./use_fork";
import { useTarget } from "./use_target";

/** Pause before the session's facts are read anew, in milliseconds: events come in groups. */
const SETTLE = 400;

type Props = { session: Session; onChange: () => void };

/** Timeline of an agent session, live, and the form for the next message. */
export function AgentSession({ session, onChange }: Props) {
  const search = useSearch({ strict: false });
  const filter = filterOf(search);
  const { place, at, setPlace } = usePlaceOf(search);
  const { log, state } = useAgentLog(session.id, filter, at);
  const isThere = state.events.length > 0 || !state.isLoading;
  const changed = useDebounced(onChange);
  const isConnected = useIsAnswering();
  const live = useAgentStream(session.id, log, isThere, session.event_count, changed);
  const turns = useTurns(session, state);
  const fork = useFork(session);
  const mayWrite = useMay("write");
  const isRunning = turns.at(-1)?.status === "running" && !state.hasLater;
  const waiting = isRunning ? requestedCalls(turns) : [];
  const isStuck = isConnected && state.error instanceof ApiError && state.error.status === 0;
  useEffect(() => {
    if (isStuck) void log.open(at);
  }, [isStuck, log, at]);
  function jump(to: "start" | "end") {
    void log.open(to === "start" && !isFiltering(filter) ? 0 : null);
    setPlace({ at: to });
  }
  return (
    <>
      <TimelineBar
        filter={filter}
        isConnected={isConnected}
        turns={turns}
        isWhole={!state.hasEarlier && !state.hasLater}
        onJump={jump}
        hasServerFilter
      />
      {state.error !== null && (
        <ErrorNotice error={state.error} onRetry={() => void log.open(at)} />
      )}
      {isThere ? (
        <Timeline
          turns={turns}
          live={isRunning && waiting.length === 0 ? (live ?? "") : null}
          hasEarlier={state.hasEarlier}
          hasLater={state.hasLater}
          isLoading={state.isLoading}
          onEarlier={log.loadEarlier}
          onLater={log.loadLater}
          place={place}
          onFork={mayWrite && !isFiltering(filter) ? fork : undefined}
        />
      ) : (
        <Skeleton height="var(--timeline-height)" />
      )}
      {waiting.length > 0 && mayWrite && <ToolResults sessionId={session.id} calls={waiting} />}
      {mayWrite && (
        <Composer
          session={session}
          isRunning={isRunning}
          onSent={() => jumpToEnd(log.state, jump)}
        />
      )}
    </>
  );
}

function jumpToEnd(state: { hasLater: boolean }, jump: (to: "end") => void) {
  // With the end loaded, the list follows it by itself.
  if (state.hasLater) jump("end");
}

/** The place that the URL selects, until another one is chosen. */
function usePlaceOf(search: Record<string, string | undefined>) {
  const target = useTarget(search);
  const selected = useMemo<Place>(() => ({ at: target ?? "end" }), [target]);
  const [place, setPlace] = useState(selected);
  useEffect(() => setPlace(selected), [selected]);
  // The number of a message is not a place in the log: most logs have few events before it.
  const first = target?.message == null ? null : 1;
  const at = target?.sequence ?? (target?.event ? sequenceOf(target.event) : null) ?? first;
  return { place, at, setPlace };
}

/** Turns of the loaded events; numbered if they reach the beginning or the end of the log. */
function useTurns(session: Session, state: ReturnType<typeof useAgentLog>["state"]): Turn[] {
  const { events, hasEarlier, hasLater } = state;
  return useMemo(() => {
    const turns = agentTurns(events);
    const first = hasEarlier ? (hasLater ? null : session.turn_count - turns.length + 1) : 1;
    if (first === null || first < 1) return turns;
    return turns.map((turn, index) => ({ ...turn, number: first + index }));
  }, [events, hasEarlier, hasLater, session.turn_count]);
}

/** Open calls that the client was asked to run. */
function requestedCalls(turns: readonly Turn[]) {
  const ids = new Set<unknown>();
  for (const turn of turns.slice(-1)) {
    for (const entry of turn.entries) {
      if (entry.kind !== "events") continue;
      for (const { type, data } of entry.events) {
        if (type !== "tool.call_requested") continue;
        for (const call of (data as { tool_calls?: { id?: unknown }[] }).tool_calls ?? []) {
          ids.add(call.id);
        }
      }
    }
  }
  return openCalls(turns.slice(-1)).filter((call) => ids.has(call.id));
}

function useDebounced(action: () => void): () => void {
  const newest = useRef(action);
  useEffect(() => {
    newest.current = action;
  });
  const timer = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => newest.current(), SETTLE);
  }, []);
}
