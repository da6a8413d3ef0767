import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api, api, type Schema } from "@/api/client";
import { ApiError } from "@/api/errors";
import { Button } from "@/ui/button";
import { SelectField, TextAreaField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import { Page } from "@/ui/page";
import { useAgents } from "./agents_field";
import { contentOfDraft, faultsByPlace } from "./content";
import { DraftEditor } from "./draft_editor";

type Draft = Schema["ScenarioDraft"];
type Brief = Schema["ScenarioDraftRequest"];

/** A draft from a few words about the situation to test. */
export function BriefDraft() {
  const [drafted, setDrafted] = useState<{ draft: Draft; number: number } | null>(null);
  const request = useMutation({
    mutationFn: async (body: Brief) =>
      (await api.POST("/v1/scenarios/draft", { body })).data as Draft,
    onSuccess: (draft) => setDrafted((last) => ({ draft, number: (last?.number ?? 0) + 1 })),
  });
  return (
    <Page title="Draft from a brief" lead="Nothing is stored until you save it.">
      <div className={drafted ? "draft-columns" : "stack"}>
        <section className="stack draft-left" aria-labelledby="brief-heading">
          <h2 id="brief-heading">Brief</h2>
          <BriefForm
            isBusy={request.isPending}
            faults={request.error instanceof ApiError ? faultsByPlace(request.error.faults) : {}}
            onSubmit={(brief) => request.mutate(brief)}
          />
          {request.error && <ErrorNotice error={request.error} />}
        </section>
        {drafted && (
          <section className="stack" aria-labelledby="draft-heading">
            <h2 id="draft-heading">Draft</h2>
            <DraftEditor
              key={drafted.number}
              draft={drafted.draft}
              initial={contentOfDraft(drafted.draft)}
              needles={[]}
              session={null}
            />
          </section>
        )}
      </div>
    </Page>
  );
}

type FormProps = {
  isBusy: boolean;
  faults: Readonly<Record<string, string>>;
  onSubmit: (brief: Brief) => void;
};

function BriefForm({ isBusy, faults, onSubmit }: FormProps) {
  const known = useAgents();
  const agents = known ?? [];
  const personas = $api.useQuery("get", "/v1/personas", {
    params: { query: { limit: 200, is_active: true } },
  });
  const [brief, setBrief] = useState("");
  const [agentId, setAgentId] = useState("");
  const [personaId, setPersonaId] = useState("");
  const [isTried, setTried] = useState(false);
  const agent = agentId || agents[0]?.id || "";
  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (brief.trim() === "" || agent === "") return;
    onSubmit({ brief, agent_id: agent, ...(personaId && { persona_id: personaId }) });
  }
  return (
    <form className="stack brief-form" noValidate onSubmit={submit}>
      <TextAreaField
        label="Situation to test"
        hint="A few sentences. Personal data in them is replaced in the draft."
        maxLength={2_000}
        rows={6}
        required
        value={brief}
        fault={isTried && brief.trim() === "" ? "Enter at least one sentence." : faults.brief}
        onChange={(event) => setBrief(event.target.value)}
      />
      <SelectField
        label="Agent to test"
        required
        options={agents.map(({ id, name }) => [id, name] as const)}
        value={agent}
        fault={isTried && agent === "" ? "Create an agent first." : faults.agent_id}
        onChange={(event) => setAgentId(event.target.value)}
      />
      <SelectField
        label="Persona of the user"
        options={[
          ["", "None"],
          ...(personas.data?.items ?? []).map(({ id, name }) => [id, name] as const),
        ]}
        value={personaId}
        fault={faults.persona_id}
        onChange={(event) => setPersonaId(event.target.value)}
      />
      <div>
        <Button type="submit" look="primary" busy={isBusy || !known}>
          Draft
        </Button>
      </div>
    </form>
  );
}
