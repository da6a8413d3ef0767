import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useMay } from "@/api/caller";
import { Button } from "@/ui/button";
import { Empty, ErrorNotice } from "@/ui/notices";
import { useToasts } from "@/ui/toasts";
import "./first_visit.css";
import { ImportDialog } from "./import_dialog";
import type { Samples } from "./samples";

/** The place of sessions while there are none: what they are for, and two ways to some. */
export default function FirstVisit() {
  const queries = useQueryClient();
  const mayWrite = useMay("write");
  const [isImporting, setImporting] = useState(false);
  const hasImported = useRef(false);
  const refresh = () => void queries.invalidateQueries();
  function closeImport() {
    setImporting(false);
    // Not before: with sessions in the list, this place and the dialog are gone.
    if (hasImported.current) refresh();
  }
  return (
    <Empty title="No sessions yet">
      <ul className="first-visit">
        <li>Record what agents do, and read it message by message, with tools, tokens and cost.</li>
        <li>Walk a workflow in the playground, and see why it went where it went.</li>
        <li>Turn a session into a scenario, run it against the next version, and compare.</li>
      </ul>
      {mayWrite ? (
        <>
          <LoadSamples onLoaded={refresh} />
          <p>
            Or{" "}
            <button type="button" className="link" onClick={() => setImporting(true)}>
              import your own conversations
            </button>
            : here, with <code>agent-sessions import calls.jsonl</code>, or with{" "}
            <code>make import FILE=calls.jsonl KIND=agent</code>.
          </p>
          <ImportDialog
            isOpen={isImporting}
            onClose={closeImport}
            onImported={() => {
              hasImported.current = true;
            }}
          />
        </>
      ) : (
        <p>This key may read only. A key with the scope “write” can load sample data and import.</p>
      )}
    </Empty>
  );
}

function LoadSamples({ onLoaded }: { onLoaded: () => void }) {
  const { note } = useToasts();
  const [progress, setProgress] = useState<{ title: string; share: number } | null>(null);
  const [error, setError] = useState<unknown>(null);

  async function load() {
    setError(null);
    setProgress({ title: "Reading", share: 0 });
    try {
      const [{ loadSamples }, { sendSample }, { default: file }] = await Promise.all([
        import("./samples"),
        import("./send_sample"),
        import("./samples.json"),
      ]);
      const samples: Samples = file;
      const report = (title: string, number: number) =>
        setProgress({ title, share: number / samples.steps.length });
      const results = await loadSamples(samples, report, sendSample);
      const left = results.filter((one) => one === "skipped").length;
      note({
        text: left
          ? "The sample data is there, without what was deleted or changed since."
          : "The sample data is loaded.",
      });
      onLoaded();
    } catch (failure) {
      // The list stays as it is, so that the load can be continued here.
      setError(failure);
    }
    setProgress(null);
  }

  return (
    <div className="stack load-samples">
      <div>
        <Button look="primary" busy={progress !== null} onClick={load}>
          {error === null ? "Load sample data" : "Continue"}
        </Button>
      </div>
      <div className="progress" role="status">
        {progress && (
          <>
            <progress max={1} value={progress.share} aria-label="Progress" />
            <span className="muted small">{progress.title}</span>
          </>
        )}
      </div>
      {error !== null && <ErrorNotice error={error} />}
    </div>
  );
}
