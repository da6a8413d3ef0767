import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useMay } from "@/api/caller";
import { api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { useIdempotencyKey } from "@/api/idempotency";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import { useFollow } from "@/ui/use_follow";
import { type Draft, faultOf, requestOf, simulationsOf } from "./draft";
import { LimitsFields, PeopleFields } from "./option_fields";
import { counted } from "./runs";
import { ScenarioFields } from "./scenario_fields";
import { TargetFields } from "./target_fields";

/** Properties that the parts of the form share. */
export type FormPart = {
  draft: Draft;
  /** Replaces some fields. */
  set: (change: Partial<Draft>) => void;
  /** The fault of a field of the request. */
  fault: (path: string) => string | undefined;
};

/** The form of a new run. */
export function StartForm({ initial }: { initial: Draft }) {
  const [draft, setDraft] = useState(initial);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const mayWrite = useMay("write");
  const follow = useFollow();
  const queries = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const key = useIdempotencyKey();
  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [error]);
  const faults = error instanceof ApiError ? error.faults : [];
  const part: FormPart = {
    draft,
    set: (change) => setDraft((now) => ({ ...now, ...change })),
    fault: (path) => faultOf(faults, path),
  };
  async function start(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    const body = requestOf(draft);
    const header = { "Idempotency-Key": key.of(body) };
    try {
      const { data } = await api.POST("/v1/runs", { params: { header }, body });
      void queries.invalidateQueries({ queryKey: ["get", "/v1/runs"] });
      if (data) await follow({ to: "/runs/$runId", params: { runId: data.id } });
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }
  return (
    <form ref={form} className="start-form stack" onSubmit={start} noValidate>
      <ScenarioFields {...part} />
      <TargetFields {...part} />
      <LimitsFields {...part} />
      <PeopleFields {...part} />
      <TextField
        label="Name"
        hint="Runs of one name are compared by the command line. Without one: the tags, or the number of scenarios."
        fault={part.fault("name")}
        dir="auto"
        value={draft.name}
        onChange={(event) => part.set({ name: event.target.value })}
      />
      {error !== null && <ErrorNotice error={error} />}
      <div className="row">
        <Button type="submit" look="primary" busy={isBusy} disabled={!mayWrite}>
          Start the run
        </Button>
        <Size draft={draft} />
      </div>
    </form>
  );
}

function Size({ draft }: { draft: Draft }) {
  const simulations = simulationsOf(draft);
  if (simulations === null) return null;
  return (
    <span className="muted small numbers" role="status">
      {counted(simulations, "simulation")}
    </span>
  );
}
