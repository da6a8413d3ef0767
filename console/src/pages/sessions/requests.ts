/** Requests for sessions of any kind: each kind has its own paths. */
import { api, type Schema } from "@/api/client";
import { curl } from "@/api/curl";

export type Kind = Schema["SessionKind"];
export type Session = Schema["CapturedSession"];
type Named = Pick<Session, "kind" | "id">;

const PATHS: Record<Kind, (id: string) => string> = {
  agent: (id) => `/v1/sessions/${id}`,
  playground: (id) => `/v1/workflow/playground/sessions/${id}`,
  evaluation: (id) => `/sessions/${id}`,
};
const CONTENTS: Record<Kind, (id: string) => string> = {
  agent: (id) => `/v1/sessions/${id}/events`,
  playground: (id) => `/v1/workflow/playground/sessions/${id}/trace`,
  evaluation: (id) => `/inferenceResults?sessionIds=${id}`,
};

/** Delete a session; `keepalive` lets the request outlive the page. */
export function deleteSession({ kind, id }: Named, keepalive: boolean) {
  if (kind === "evaluation") {
    return api.DELETE("/sessions/{id}", { params: { path: { id } }, keepalive });
  }
  const params = { params: { path: { session_id: id } }, keepalive };
  return kind === "agent"
    ? api.DELETE("/v1/sessions/{session_id}", params)
    : api.DELETE("/v1/workflow/playground/sessions/{session_id}", params);
}

/** Return the id of a new session that begins as another one, up to a point of its log. */
export async function forkSession({ kind, id }: Named, at: number, key: string): Promise<string> {
  const path = { session_id: id };
  const header = { "Idempotency-Key": key };
  if (kind === "agent") {
    const body = { at_sequence: at };
    const { data } = await api.POST("/v1/sessions/{session_id}/fork", {
      params: { path, header },
      body,
    });
    return data?.id ?? "";
  }
  const { data } = await api.POST("/v1/workflow/playground/sessions/{session_id}/fork", {
    params: { path, header },
    body: { at_turn: at },
  });
  return data?.session_id ?? "";
}

export const sessionCurl = ({ kind, id }: Session) => curl(PATHS[kind](id));
export const contentCurl = ({ kind, id }: Session) => curl(CONTENTS[kind](id));
export const exportCurl = ({ id }: Session, format: Format) =>
  `${curl(`/v1/sessions/${id}/export?format=${format}`)} -L -o ${fileName(id, format)}`;

export type Format = Schema["ExportFormat"];
export const FORMATS: readonly (readonly [Format, string])[] = [
  ["jsonl", "JSON lines: the session and each event"],
  ["openai", "OpenAI chat messages"],
  ["otel", "OpenTelemetry spans"],
];

export function fileName(id: string, format: Format): string {
  return `${id}-${format}.${format === "jsonl" ? "jsonl" : "json"}`;
}

/** Return the export of a session as a file's content. */
export async function exportSession({ id }: Session, format: Format): Promise<Blob> {
  const { data } = await api.GET("/v1/sessions/{session_id}/export", {
    params: { path: { session_id: id }, query: { format } },
    parseAs: "blob",
    redirect: "manual",
  });
  return data as unknown as Blob;
}
