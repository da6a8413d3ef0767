/** Pages of an evaluation session: inference results with their traces. */
import { api, type Schema } from "@/api/client";

/** Turns of one request: as many as a request for their steps may name. */
const PAGE = 100;
const CURSOR = "x-next-cursor";

export type ResultPage = {
  results: Schema["InferenceResult"][];
  traces: Schema["Trace"][];
  next: string | null;
};

export async function readResults(sessionId: string, cursor: string | null): Promise<ResultPage> {
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

type TracePage = Pick<ResultPage, "traces" | "next">;

async function readTracePage(inferenceResultIds: string[], cursor: string): Promise<TracePage> {
  const query = { inferenceResultIds, ...(cursor && { cursor }) };
  const { data, response } = await api.GET("/traces", { params: { query } });
  return { traces: data ?? [], next: response.headers.get(CURSOR) };
}
