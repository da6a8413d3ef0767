import { useState } from "react";
import { $api } from "@/api/client";
import { CURSOR } from "@/api/pages";
import { SelectField, TextField } from "@/ui/field";
import { ErrorNotice } from "@/ui/notices";
import { Choice } from "./choice";
import type { FormPart } from "./start_form";

const HINTS = {
  agent: "An agent of this API. The stack calls it.",
  catalog: "A workflow of the playground's catalog.",
  revision: "A revision of your own workflow.",
  url: "A server that the stack calls. Its host must be in the stack's OutgoingHosts.",
  relay: "Your own program calls the agent and relays its words, for example: agent-sessions run.",
};

/** The agent under test. */
export function TargetFields(part: FormPart) {
  const { draft, set, fault } = part;
  return (
    <fieldset className="panel">
      <legend>Target</legend>
      <div className="body stack">
        <Choice
          name="kind"
          label="Kind of target"
          value={draft.kind}
          options={[
            ["agent", "Agent"],
            ["catalog", "Catalog workflow"],
            ["revision", "Workflow revision"],
            ["url", "Server"],
            ["relay", "Relay"],
          ]}
          onChange={(kind) => set({ kind })}
        />
        <p className="muted small">{HINTS[draft.kind]}</p>
        {draft.kind === "agent" && <AgentField {...part} />}
        {draft.kind === "catalog" && <CatalogField {...part} />}
        {draft.kind === "revision" && <RevisionFields {...part} />}
        {draft.kind === "url" && <UrlFields {...part} />}
        {fault("target") && !fault(PATHS[draft.kind]) && (
          <p className="form-fault small" role="alert">
            {fault("target")}
          </p>
        )}
      </div>
    </fieldset>
  );
}

const PATHS = {
  agent: "target.agent_id",
  catalog: "target.catalog_slug",
  revision: "target.revision_id",
  url: "target.url",
  relay: "target.relay",
};

type Options = readonly (readonly [string, string])[];

/** Options with an empty first one, and with the value itself where the list lacks it. */
function withValue(options: Options, value: string): Options {
  const isThere = value === "" || options.some(([one]) => one === value);
  return [["", "Choose one"], ...(isThere ? [] : [[value, value] as const]), ...options];
}

function AgentField({ draft, set, fault }: FormPart) {
  const agents = $api.useInfiniteQuery(
    "get",
    "/v1/agents",
    { params: { query: { limit: 100 } } },
    CURSOR,
  );
  if (agents.error) return <ErrorNotice error={agents.error} onRetry={() => agents.refetch()} />;
  const items = agents.data?.pages.flatMap((page) => page.data) ?? [];
  return (
    <SelectField
      label="Agent"
      hint={agents.data && items.length === 0 && "There are no agents."}
      fault={fault("target.agent_id")}
      options={withValue(
        items.map((agent) => [agent.id, agent.name] as const),
        draft.agentId,
      )}
      value={draft.agentId}
      onChange={(event) => set({ agentId: event.target.value })}
    />
  );
}

function CatalogField({ draft, set, fault }: FormPart) {
  const catalog = $api.useQuery("get", "/v1/workflow/playground/catalog");
  if (catalog.error) return <ErrorNotice error={catalog.error} onRetry={() => catalog.refetch()} />;
  const items = catalog.data?.items ?? [];
  return (
    <SelectField
      label="Workflow"
      hint={items.find((one) => one.slug === draft.catalogSlug)?.description}
      fault={fault("target.catalog_slug")}
      options={withValue(
        items.map((one) => [one.slug, one.name] as const),
        draft.catalogSlug,
      )}
      value={draft.catalogSlug}
      onChange={(event) => set({ catalogSlug: event.target.value })}
    />
  );
}

function RevisionFields({ draft, set, fault }: FormPart) {
  const [workflowId, setWorkflowId] = useState("");
  const workflows = $api.useQuery("get", "/v1/workflows", { params: { query: { limit: 200 } } });
  const revisions = $api.useQuery(
    "get",
    "/v1/workflows/{workflow_id}/revisions",
    { params: { path: { workflow_id: workflowId }, query: { limit: 200 } } },
    { enabled: workflowId !== "" },
  );
  const failed = [workflows, revisions].find((query) => query.error !== null);
  if (failed) return <ErrorNotice error={failed.error} onRetry={() => failed.refetch()} />;
  const items = workflows.data?.items ?? [];
  return (
    <>
      <SelectField
        label="Workflow"
        hint={workflows.data && items.length === 0 && "There are no workflows of your own."}
        options={withValue(
          items.map((one) => [one.id, one.name] as const),
          workflowId,
        )}
        value={workflowId}
        onChange={(event) => {
          setWorkflowId(event.target.value);
          const chosen = items.find((one) => one.id === event.target.value);
          set({ revisionId: chosen?.active_revision_id ?? "" });
        }}
      />
      <SelectField
        label="Revision"
        fault={fault("target.revision_id")}
        options={withValue(
          (revisions.data?.items ?? []).map((one) => [one.id, one.name] as const),
          draft.revisionId,
        )}
        value={draft.revisionId}
        onChange={(event) => set({ revisionId: event.target.value })}
      />
    </>
  );
}

function UrlFields({ draft, set, fault }: FormPart) {
  return (
    <div className="form-grid">
      <TextField
        label="URL"
        type="url"
        placeholder="https://agent.example/v1"
        fault={fault("target.url")}
        value={draft.url}
        onChange={(event) => set({ url: event.target.value })}
      />
      <SelectField
        label="Protocol"
        options={[
          ["openai", "Chat Completions"],
          ["http", "Plain JSON"],
        ]}
        fault={fault("target.protocol")}
        value={draft.protocol}
        onChange={(event) => set({ protocol: event.target.value as "openai" | "http" })}
      />
      {draft.protocol === "openai" && (
        <TextField
          label="Model"
          hint="Model that the server is asked for; default unless given."
          fault={fault("target.model")}
          value={draft.targetModel}
          onChange={(event) => set({ targetModel: event.target.value })}
        />
      )}
      <TextField
        label="Secret"
        hint="Name of a stored secret, sent as bearer token."
        fault={fault("target.secret")}
        value={draft.secret}
        onChange={(event) => set({ secret: event.target.value })}
      />
    </div>
  );
}
