import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { api, type Schema } from "@/api/client";
import { followStream } from "@/api/stream";
import { EventLog } from "./event_log";
import type { EventFilter } from "./filter";

type AgentEvent = Schema["Event"];

/** The loaded part of an agent session's log; `at` is the sequence to open it at, if not its end. */
export function useAgentLog(sessionId: string, filter: EventFilter, at: number | null) {
  const { q, types, tool } = filter;
  const log = useMemo(() => {
    const conditions = {
      ...(q && { q }),
      ...(tool && { tool_name: tool }),
      ...(types && { types: types.split(" ") }),
    };
    return new EventLog(async (range) => {
      const { data } = await api.GET("/v1/sessions/{session_id}/events", {
        params: { path: { session_id: sessionId }, query: { ...conditions, ...range } },
      });
      return data ?? { data: [] };
    }, Object.keys(conditions).length > 0);
  }, [sessionId, q, types, tool]);
  const opened = useRef<EventLog>(null);
  useEffect(() => {
    const isThere = log.state.events.some((event) => event.sequence === at);
    if (opened.current === log && (at === null || isThere)) return;
    opened.current = log;
    void log.open(at);
  }, [log, at]);
  return { log, state: useSyncExternalStore(log.subscribe, log.snapshot) };
}

/**
 * Follow a session's stream behind its loaded events; returns the text that is being written, null
 * without one.
 *
 * `known` is the number of events that the session has at least.
 */
export function useAgentStream(
  sessionId: string,
  log: EventLog,
  isReady: boolean,
  known: number,
  onEvents: () => void,
) {
  const [live, setLive] = useState<string | null>(null);
  const notify = useRef(onEvents);
  useEffect(() => {
    notify.current = onEvents;
  });
  const start = useRef(known);
  useEffect(() => {
    if (!isReady) return;
    const controller = new AbortController();
    // A log that is open at an earlier place reads the events between by itself.
    const behind = Math.max(log.state.events.at(-1)?.sequence ?? 0, start.current);
    const path = `/v1/sessions/${encodeURIComponent(sessionId)}/sse`;
    void followStream(
      (last) => `${path}?${last ? `since_id=${last}` : `after_sequence=${behind}`}`,
      (message) => {
        const event = parsed(message.data);
        if (event === null) return;
        if (event.type === "output.message.delta") {
          setLive(String(event.data.accumulated ?? ""));
          return;
        }
        // The stored message takes the place of its text; the end of a turn ends it too.
        if (!/^(llm|reason|tool|act)\./.test(event.type)) setLive(null);
        log.append([event]);
        notify.current();
      },
      controller.signal,
    );
    return () => {
      controller.abort();
      setLive(null);
    };
  }, [sessionId, log, isReady]);
  return live;
}

function parsed(data: string): AgentEvent | null {
  try {
    const event = JSON.parse(data) as Partial<AgentEvent>;
    return event.id && event.type && event.context ? (event as AgentEvent) : null;
  } catch {
    return null;
  }
}
