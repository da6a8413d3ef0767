import { useCallback, useState } from "react";
import { useMay } from "@/api/caller";
import { ApiError } from "@/api/errors";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notices";
import { useToasts } from "@/ui/toasts";
import {
  type Content,
  contentOfScenario,
  faultsByPlace,
  faultsOf,
  fieldsOf,
  isSame,
} from "./content";
import { focusFirstFault } from "./draft_editor";
import { ScenarioEditor } from "./editor";
import { type Stored, useUpdate } from "./stored";

/** State of the editor: the edited content, the version that it began with, and its save. */
export function useEdited(stored: Stored) {
  const [base, setBase] = useState(() => baseOf(stored));
  const [content, setContent] = useState(base.content);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const change = useCallback(
    (part: Partial<Content>) => setContent((now) => ({ ...now, ...part })),
    [],
  );
  function begin(from: Stored, keepsContent = false) {
    const next = baseOf(from);
    setBase(next);
    if (!keepsContent) setContent(next.content);
  }
  const isChanged = !isSame(content, base.content);
  const save = { faults, setFaults, error, setError, isBusy, setBusy };
  return { base, content, setContent, change, begin, isChanged, ...save };
}

const baseOf = ({ scenario, etag }: Stored) => ({ content: contentOfScenario(scenario), etag });

type Props = { stored: Stored; edited: ReturnType<typeof useEdited> };

/** The fields of a stored scenario; a change by somebody else in the meantime is told. */
export function StoredEditor({ stored, edited }: Props) {
  const { base, content, setContent, change, begin, isChanged } = edited;
  const { faults, setFaults, error, setError, isBusy, setBusy } = edited;
  const { note } = useToasts();
  const { update, reload } = useUpdate(stored.scenario.id);
  const mayWrite = useMay("write");
  const isConflict = error instanceof ApiError && error.status === 412;

  async function attempt(work: () => Promise<void>) {
    setError(null);
    setBusy(true);
    try {
      await work();
    } catch (failure) {
      setError(failure);
      if (failure instanceof ApiError) setFaults(faultsByPlace(failure.faults));
    } finally {
      setBusy(false);
    }
  }

  async function store(etag: string | null) {
    begin(await update(fieldsOf(content), etag));
    note({ text: "The scenario is stored." });
  }

  function save() {
    const own = faultsOf(content);
    setFaults(own);
    if (Object.keys(own).length > 0) focusFirstFault();
    else void attempt(() => store(base.etag));
  }

  return (
    <form
      className="stack stored-editor"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <ScenarioEditor
        content={content}
        onChange={change}
        faults={faults}
        needles={[]}
        isLocked={isBusy || !mayWrite}
      />
      {isConflict ? (
        <Conflict
          isBusy={isBusy}
          onLoad={() => attempt(async () => begin(await reload()))}
          onOverwrite={() => attempt(async () => store((await reload()).etag))}
        />
      ) : (
        error !== null && <ErrorNotice error={error} />
      )}
      {mayWrite && (
        <SaveBar
          isBusy={isBusy}
          isChanged={isChanged}
          hasFaults={Object.keys(faults).length > 0}
          onDiscard={() => {
            setContent(base.content);
            setFaults({});
            setError(null);
          }}
        />
      )}
    </form>
  );
}

type ConflictProps = { isBusy: boolean; onLoad: () => void; onOverwrite: () => void };

function Conflict({ isBusy, onLoad, onOverwrite }: ConflictProps) {
  return (
    <div className="notice bad" role="alert">
      <p>
        <strong>The scenario was changed elsewhere since this page read it.</strong> Load the stored
        version, or store yours in its place.
      </p>
      <Button busy={isBusy} onClick={onLoad}>
        Load the stored version
      </Button>
      <Button look="danger" busy={isBusy} onClick={onOverwrite}>
        Store mine
      </Button>
    </div>
  );
}

type BarProps = { isBusy: boolean; isChanged: boolean; hasFaults: boolean; onDiscard: () => void };

function SaveBar({ isBusy, isChanged, hasFaults, onDiscard }: BarProps) {
  return (
    <div className="row save-bar">
      <Button type="submit" look="primary" busy={isBusy} disabled={!isChanged}>
        Save changes
      </Button>
      {isChanged && <Button onClick={onDiscard}>Discard</Button>}
      <span className={hasFaults ? "fault small" : "muted small"} aria-live="polite">
        {hasFaults
          ? "Correct the marked fields, then save."
          : isChanged
            ? "There are unsaved changes."
            : "All changes are stored."}
      </span>
    </div>
  );
}
