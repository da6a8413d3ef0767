/** Import of conversations: one request each, a few at a time. */
import { api, type Schema } from "@/api/client";
import { ApiError } from "@/api/errors";
import type { Conversation, ImportLines, LineFault } from "./import_lines";

export type Kind = Schema["ImportSessionKind"];
export type Imported = { id: string; sessionId: string; existed: boolean };
export type ImportReport = { imported: Imported[]; faults: LineFault[] };

const AT_ONCE = 4;
/** Milliseconds until a busy API is asked again, and how often. */
const PAUSE = 2_000;
const TRIES = 5;

/** Import all conversations; a refused one stops no other. */
export async function importAll(
  lines: ImportLines,
  kind: Kind,
  version: string,
  onProgress: (text: string) => void,
): Promise<ImportReport> {
  const report: ImportReport = { imported: [], faults: [...lines.faults] };
  const waiting = [...lines.conversations];
  const total = waiting.length;
  async function work() {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      try {
        report.imported.push(await importOne(one, kind, version));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        report.faults.push({ line: one.line, message });
      }
      onProgress(`${report.imported.length} of ${total} imported`);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  report.faults.sort((a, b) => a.line - b.line);
  return report;
}

async function importOne({ body }: Conversation, kind: Kind, name: string): Promise<Imported> {
  const query = kind === "evaluation" && name.trim() ? { kind, name: name.trim() } : { kind };
  for (let tries = 1; ; tries += 1) {
    try {
      // Any form of a conversation is accepted; the API says which field it cannot read.
      const request = { params: { query }, body: body as Schema["ImportRequest"] };
      const { data, response } = await api.POST("/v1/sessions/import", request);
      if (!data) throw new Error("The API gave no answer.");
      const existed = response.headers.has("idempotent-replayed");
      return { id: data.id, sessionId: data.session_id, existed };
    } catch (error) {
      const isBusy = error instanceof ApiError && (error.status === 429 || error.status === 503);
      if (!isBusy || tries === TRIES) throw error;
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }
}
