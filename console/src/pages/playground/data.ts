/** Data of a playground session: session, graph, trace, live text, and new turns. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { $api, api, type Schema } from "@/api/client";
import { followStream } from "@/api/stream";
import type { Turn } from "./path";

export type Session = Schema["PlaygroundSessionResponse"];

const PATH = "/v1/workflow/playground/sessions/{session_id}";
/** Turns in one request. */
const PAGE = 100;

const pathOf = (id: string) => ({ params: { path: { session_id: id } } });
const traceKey = (id: string) => ["playground-trace", id];

export function useSession(id: string) {
  return $api.useQuery("get", PATH, pathOf(id));
}

export function useGraph(id: string) {
  return $api.useQuery("get", `${PATH}/graph`, pathOf(id), {
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** All turns of a session, oldest first. */
export function useTrace(id: string) {
  return useQuery({
    queryKey: traceKey(id),
    queryFn: async ({ signal }) => {
      const turns: Turn[] = [];
      let cursor: string | null | undefined;
      do {
        const query = { limit: PAGE, ...(cursor && { cursor }) };
        const { data } = await api.GET(`${PATH}/trace`, {
          params: { path: { session_id: id }, query },
          signal,
        });
        turns.push(...(data?.items ?? []));
        cursor = data?.next_cursor;
      } while (cursor);
      return turns;
    },
  });
}

/** Return a function that reads the session and its turns again. */
export function useRefresh(id: string) {
  const queries = useQueryClient();
  return useCallback(
    () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: traceKey(id) }),
        queries.invalidateQueries({ queryKey: ["get", PATH, pathOf(id)] }),
      ]),
    [queries, id],
  );
}

/** Return a function that tells whether a session takes a message, as it was last read. */
export function useTakesMessages(id: string) {
  const queries = useQueryClient();
  return () => {
    const session = queries.getQueryData<Session>(["get", PATH, pathOf(id)]);
    return session != null && session.current_step_id !== null && !session.awaiting_approval;
  };
}

/**
 * Follow a session: the text that its model is writing, and the turns of other readers.
 *
 * @param isOpen False for a session that has ended, which is not followed.
 */
export function useLiveText(id: string, isOpen: boolean): string {
  const [text, setText] = useState("");
  const queries = useQueryClient();
  const refresh = useRefresh(id);
  useEffect(() => {
    if (!isOpen) return;
    const end = new AbortController();
    const url = (last: string | null) =>
      `/v1/workflow/playground/sessions/${encodeURIComponent(id)}/sse${last ? `?since_id=${last}` : ""}`;
    let written = "";
    const onEvent = ({ event, data }: { event?: string | undefined; data: string }) => {
      if (event === "delta") {
        const { text: part, offset, live } = JSON.parse(data) as Record<string, unknown>;
        if (live !== true) return;
        written = written.slice(0, Number(offset)) + String(part);
        setText(written);
      } else if (event === "complete") {
        const read = queries.getQueryData<Session>(["get", PATH, pathOf(id)]);
        written = "";
        setText("");
        if ((JSON.parse(data) as Session).step_count !== read?.step_count) void refresh();
      } else if (event === "disconnecting") {
        // Nothing new for a while: a turn that failed leaves no frame.
        setText("");
      }
    };
    void followStream(url, onEvent, end.signal);
    return () => end.abort();
  }, [id, isOpen, refresh, queries]);
  return text;
}

/** Error frame of a turn that failed: nothing of it is stored. */
export class TurnError extends Error {}

/** Read the frames of a turn; throw the error that it ended with. */
function checkFrames(text: string): void {
  const last = text.trim().split("\n\n").at(-1) ?? "";
  if (!/^event: ?error$/m.test(last)) return;
  const data = /^data: ?(.*)$/m.exec(last)?.[1] ?? "{}";
  const { error, message } = JSON.parse(data) as { error?: string; message?: string };
  throw new TurnError(`The turn failed and was not stored: ${message ?? error ?? "unknown error"}`);
}

export type Command = { message: string } | Schema["ResumeApprovalRequest"];

/** Start a turn by a message or a decision; a repeated key returns the first answer. */
export async function startTurn(id: string, command: Command, key: string): Promise<void> {
  const options = {
    params: { path: { session_id: id }, header: { "Idempotency-Key": key } },
    parseAs: "text" as const,
  };
  const { data } =
    "decision" in command
      ? await api.POST(`${PATH}/resume`, { ...options, body: command })
      : await api.POST(`${PATH}/messages`, { ...options, body: command });
  checkFrames(data ?? "");
}
