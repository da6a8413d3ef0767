import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useMay } from "@/api/caller";
import { Button } from "@/ui/button";
import { Empty, ErrorNotice } from "@/ui/notices";
import { useToasts } from "@/ui/toasts";
import { load, setImporting, useFirstVisit } from "./first_visit_state";
import { ImportDialog } from "./import_dialog";
import "./first_visit.css";

/** The place of sessions while there are none: what they are for, and two ways to some. */
export default function FirstVisit() {
  const queries = useQueryClient();
  const mayWrite = useMay("write");
  const { isImporting } = useFirstVisit();
  const refresh = () => void queries.invalidateQueries();
  useEffect(() => () => setImporting(false), []);
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
            onClose={() => setImporting(false)}
            onImported={refresh}
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
  const { load: state } = useFirstVisit();
  const running = state && "share" in state ? state : null;
  const failure = state && "error" in state ? state : null;

  async function start() {
    const text = await load();
    if (text === null) return;
    note({ text });
    onLoaded();
  }

  return (
    <div className="stack load-samples">
      <div>
        <Button look="primary" busy={running !== null} onClick={start}>
          {failure ? "Continue" : "Load sample data"}
        </Button>
      </div>
      <div className="progress" role="status">
        {running ? (
          <>
            <progress max={1} value={running.share} aria-label="Progress" />
            <span className="muted small">{running.title}</span>
          </>
        ) : (
          <span className="muted small">
            Invented sessions of each kind, two scenarios and two runs, in about 15 seconds.
          </span>
        )}
      </div>
      {failure && <ErrorNotice error={failure.error} />}
    </div>
  );
}
