import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useMay } from "@/api/caller";
import { ApiError } from "@/api/errors";
import { useIdempotencyKey } from "@/api/idempotency";
import { Button } from "@/ui/button";
import { useToasts } from "@/ui/toasts";
import { Conflict } from "./conflict";
import { parseJson } from "./graph_text";
import { type PanelProps, textOf } from "./revision_panel";
import { createRevision, graphKey, putGraph, readGraph, type StoredGraph } from "./revisions_data";
import { SaveRevision } from "./save_revision";
import type { Draft } from "./use_draft";

type Props = PanelProps & {
  stored: StoredGraph;
  draft: Draft;
  onReplace: (text: string) => void;
};

/** Buttons that validate a text and store it: in its revision, or in a new one. */
export function SaveActions(props: Props) {
  const { revision, isActive, draft, count } = props;
  const mayWrite = useMay("write");
  const [isNaming, setNaming] = useState(false);
  const saving = useSaving(props);
  const isReady = draft.isChanged && draft.syntaxError === null;
  return (
    <>
      <div className="row">
        <h2>
          Graph of <bdi>{revision.name || "the revision"}</bdi>
        </h2>
        {draft.isChanged && <span className="muted small">Not saved</span>}
        <div className="row push">
          <Button onClick={() => void draft.validate()} disabled={draft.syntaxError !== null}>
            Validate
          </Button>
          {mayWrite && (
            <>
              <Button
                busy={saving.isBusy}
                disabled={!isReady || isActive}
                title={isActive ? "The graph of the active revision cannot be replaced." : ""}
                onClick={() => void saving.replace(props.stored.etag)}
              >
                Save in this revision
              </Button>
              <Button
                look="primary"
                busy={saving.isBusy}
                disabled={draft.syntaxError !== null}
                onClick={() => setNaming(true)}
              >
                Save as a new revision
              </Button>
            </>
          )}
        </div>
      </div>
      {isActive && mayWrite && (
        <p className="muted small">
          This revision is active: its graph cannot be replaced. Save changes as a new revision.
        </p>
      )}
      {saving.hasConflict && (
        <Conflict
          onOverwrite={() => void saving.replace(null)}
          onLoad={() => void saving.load()}
          onNew={() => setNaming(true)}
        />
      )}
      <SaveRevision
        isOpen={isNaming}
        name={`Revision ${count + 1}`}
        onClose={() => setNaming(false)}
        onSave={saving.create}
      />
    </>
  );
}

function useSaving({ workflowId, revision, draft, onReplace }: Props) {
  const [isBusy, setBusy] = useState(false);
  const [hasConflict, setConflict] = useState(false);
  const key = useIdempotencyKey();
  const written = useRef(draft.text);
  useEffect(() => {
    written.current = draft.text;
  }, [draft.text]);
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { note, noteError } = useToasts();

  async function valid(): Promise<Record<string, unknown> | null> {
    const validation = await draft.validate();
    if (validation?.valid) {
      const parsed = parseJson(draft.text);
      return "value" in parsed ? (parsed.value as Record<string, unknown>) : null;
    }
    if (validation)
      note({ text: "The graph has errors and is not saved. See the findings.", tone: "bad" });
    return null;
  }

  const refresh = () =>
    queries.invalidateQueries({ queryKey: ["get", "/v1/workflows/{workflow_id}/revisions"] });

  async function attempt(action: () => Promise<void>) {
    setBusy(true);
    try {
      await action();
    } catch (error) {
      if (error instanceof ApiError && error.status === 412) setConflict(true);
      else noteError(error);
    }
    setBusy(false);
  }

  /** Put the text into the revision; with an ETag only if nobody else did. */
  const replace = (etag: string | null) =>
    attempt(async () => {
      const graph = await valid();
      if (!graph) return;
      await putGraph(revision.id, graph, etag);
      await reload(draft.text);
      note({ text: "The graph is saved in this revision." });
    });

  /** Read the stored graph; it replaces the text, unless that has changed since `saved`. */
  async function reload(saved?: string): Promise<StoredGraph> {
    setConflict(false);
    const read = await readGraph(revision.id);
    if (saved === undefined || saved === written.current) onReplace(textOf(read.graph));
    queries.setQueryData(graphKey(revision.id), read);
    void refresh();
    return read;
  }

  /** Return whether the revision was created. */
  async function create(name: string): Promise<boolean> {
    let isCreated = false;
    await attempt(async () => {
      const graph = await valid();
      if (!graph) return;
      const made = await createRevision(workflowId, revision, name, graph, key.of([name, graph]));
      await refresh();
      isCreated = true;
      note({ text: "The revision is saved." });
      await navigate({
        to: "/workflows/$workflowId",
        params: { workflowId },
        search: { revision: made.id },
        // What was written behind the dialog meanwhile is not in the revision.
        ignoreBlocker: draft.text === written.current,
      });
    });
    return isCreated;
  }

  return {
    isBusy,
    hasConflict,
    replace,
    load: () => attempt(async () => void (await reload())),
    create,
  };
}
