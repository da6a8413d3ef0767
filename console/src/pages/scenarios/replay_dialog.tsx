import { useState } from "react";
import { api, type Schema } from "@/api/client";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import { useFollow } from "@/ui/use_follow";
import type { Scenario } from "./stored";
import { useSources } from "./use_sources";

type OnUnmatched = Schema["OnUnmatched"];

const UNMATCHED: readonly (readonly [OnUnmatched, string])[] = [
  ["error", "An error that names the nearest arguments"],
  ["nearest", "The answer to the nearest arguments"],
  ["last", "The last recorded answer of the tool"],
];

/** Opens a playground session whose tools answer as the scenario recorded them. */
export function ReplayDialog({ scenario, onClose }: { scenario: Scenario; onClose: () => void }) {
  const follow = useFollow();
  const { options, sourceOf, error: listError } = useSources();
  const [chosen, setChosen] = useState("");
  const [unmatched, setUnmatched] = useState<OnUnmatched>("error");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const source = chosen || (options[0]?.[0] ?? "");

  async function replay() {
    setBusy(true);
    setError(null);
    try {
      const { data } = await api.POST("/v1/scenarios/{scenario_id}/replay", {
        params: {
          path: { scenario_id: scenario.id },
          header: { "Idempotency-Key": `${key}-${source}-${unmatched}` },
        },
        body: { ...sourceOf(source), on_unmatched: unmatched },
      });
      if (data)
        await follow({ to: "/playground/$sessionId", params: { sessionId: data.session_id } });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <Dialog
      title="Replay in the playground"
      description="A new session of a workflow, whose tools answer as this scenario has them."
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" busy={isBusy} disabled={source === ""} onClick={replay}>
            Open the session
          </Button>
        </>
      }
    >
      <div className="stack">
        <SelectField
          label="Workflow"
          options={options}
          value={source}
          onChange={(event) => setChosen(event.target.value)}
        />
        <SelectField
          label="A call that no recorded one matches gets"
          options={UNMATCHED}
          value={unmatched}
          onChange={(event) => setUnmatched(event.target.value as OnUnmatched)}
        />
        {(error ?? listError) != null && <ErrorNotice error={error ?? listError} />}
      </div>
    </Dialog>
  );
}
