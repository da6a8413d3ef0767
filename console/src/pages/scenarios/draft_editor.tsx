import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import { useMay } from "@/api/caller";
import { api, type Schema } from "@/api/client";
import { ApiError } from "@/api/errors";
import { Button } from "@/ui/button";
import { LeaveDialog } from "@/ui/leave_dialog";
import { ErrorNotice } from "@/ui/notices";
import { useToasts } from "@/ui/toasts";
import { type Content, createOf, faultsByPlace, faultsOf, isSame } from "./content";
import { ScenarioEditor } from "./editor";
import type { Needle } from "./marks";

type Props = {
  /** Null for a scenario that is written by hand. */
  draft: Schema["ScenarioDraft"] | null;
  initial: Content;
  needles: readonly Needle[];
  /** Session of the draft, whose checks are suggested afterwards. */
  session: string | null;
};

/** The fields of a scenario that is not stored yet, and the button that stores it. */
export function DraftEditor({ draft, initial, needles, session }: Props) {
  const [content, setContent] = useState(initial);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const isSaved = useRef(false);
  const mayWrite = useMay("write");
  const change = useCallback(
    (part: Partial<Content>) => setContent((now) => ({ ...now, ...part })),
    [],
  );
  const create = useCreate(content, draft, session);

  async function save() {
    const own = faultsOf(content);
    setFaults(own);
    setError(null);
    if (Object.keys(own).length > 0) return focusFirstFault();
    setBusy(true);
    try {
      await create(() => {
        isSaved.current = true;
      });
    } catch (failure) {
      setError(failure);
      if (failure instanceof ApiError) setFaults(faultsByPlace(failure.faults));
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <ScenarioEditor
        content={content}
        onChange={change}
        faults={faults}
        needles={needles}
        isLocked={isBusy}
      />
      {error !== null && <ErrorNotice error={error} />}
      <div className="row save-bar">
        {mayWrite ? (
          <Button type="submit" look="primary" busy={isBusy}>
            Save the scenario
          </Button>
        ) : (
          <p className="muted small">
            The key may not store scenarios: it lacks the scope “write”.
          </p>
        )}
        {Object.keys(faults).length > 0 && (
          <span className="fault small">Correct the marked fields, then save.</span>
        )}
      </div>
      <LeaveDialog
        shouldAsk={() => !isSaved.current && !isSame(content, initial)}
        parameters={["session", "from"]}
      />
    </form>
  );
}

/** Move the focus to the first field with a fault, when it is shown. */
export function focusFirstFault(): void {
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(".scenario-editor [aria-invalid]")?.focus(),
  );
}

/** Return a function that stores the content and opens its page. */
function useCreate(content: Content, draft: Props["draft"], session: string | null) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { note } = useToasts();
  // A repeated request stores nothing twice; another content is another request.
  const key = useMemo(() => ({ content, id: crypto.randomUUID() }), [content]);
  return async (onStored: () => void) => {
    const { data } = await api.POST("/v1/scenarios", {
      params: { header: { "Idempotency-Key": key.id } },
      body: createOf(content, draft),
    });
    onStored();
    void queries.invalidateQueries({ queryKey: ["get", "/v1/scenarios"] });
    note({ text: "The scenario is stored." });
    if (data)
      await navigate({
        to: "/scenarios/$scenarioId",
        params: { scenarioId: data.id },
        search: session ? { session } : {},
      });
  };
}
