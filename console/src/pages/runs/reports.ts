/** Reports of runs as files. */
import { API_URL, authorizedFetch, type Schema } from "@/api/client";
import { ApiError, REDIRECTED } from "@/api/errors";
import { saveFile } from "@/ui/save_file";

type Format = Schema["ReportFormat"];

export const REPORTS: readonly { format: Format; name: string; ending: string }[] = [
  { format: "html", name: "HTML", ending: "html" },
  { format: "junit", name: "JUnit XML", ending: "xml" },
  { format: "markdown", name: "Markdown", ending: "md" },
  { format: "json", name: "JSON", ending: "json" },
];

/** Save a report; the key goes in a header, so that no link could do it. */
export async function downloadReport(runId: string, format: Format): Promise<void> {
  const url = `${API_URL}/v1/runs/${runId}/report?format=${format}`;
  const request = new Request(url, { redirect: "manual" });
  const blob = await authorizedFetch(request).then(
    (response) => response.blob(),
    (error: unknown) => {
      if (!(error instanceof ApiError && error.status === REDIRECTED)) throw error;
      const command = `agent-sessions runs report ${runId} --format ${format}`;
      throw new Error(`${error.message} Run: ${command}`);
    },
  );
  const ending = REPORTS.find((one) => one.format === format)?.ending ?? format;
  saveFile(blob, `run-${runId}.${ending}`);
}
