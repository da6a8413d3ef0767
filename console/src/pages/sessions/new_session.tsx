import { Link } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { $api, api } from "@/api/client";
import { useIdempotencyKey } from "@/api/idempotency";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextAreaField, TextField } from "@/ui/field";
import { ErrorNotice, Skeleton } from "@/ui/notices";
import { useFollow } from "@/ui/use_follow";

/** Choice of the agent that is created with the session. */
const NEW = "new";
/** Agents that are offered: the newest ones. */
const OFFERED = 200;

/** The form for a new agent session: with an agent, or with a new one. */
export function NewSessionDialog({ onClose }: { onClose: () => void }) {
  const form = useId();
  const follow = useFollow();
  const agents = $api.useQuery("get", "/v1/agents", { params: { query: { limit: OFFERED } } });
  const [chosen, setChosen] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const agentId = chosen ?? agents.data?.data[0]?.id ?? NEW;
  const agentKey = useIdempotencyKey();
  const sessionKey = useIdempotencyKey();

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const agent = { name: textOf(given, "name"), system_prompt: textOf(given, "prompt") };
      const id = agentId === NEW ? await createAgent(agent, agentKey.of(agent)) : agentId;
      const title = textOf(given, "title");
      const sessionId = await createSession(id, title, sessionKey.of([id, title]));
      await follow({ to: "/sessions/$sessionId", params: { sessionId } });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <Dialog
      title="New session"
      description={
        <>
          A conversation with an agent. To walk a workflow,{" "}
          <Link to="/playground">open the playground</Link>.
        </>
      }
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" form={form} look="primary" busy={isBusy || agents.isPending}>
            Create the session
          </Button>
        </>
      }
    >
      <form id={form} className="stack" onSubmit={submit}>
        {agents.error && <ErrorNotice error={agents.error} onRetry={() => void agents.refetch()} />}
        {agents.isPending ? (
          <Skeleton height="8rem" />
        ) : (
          <SelectField
            label="Agent"
            value={agentId}
            options={[
              ...(agents.data?.data ?? []).map((agent) => [agent.id, agent.name] as const),
              [NEW, "A new agent"] as const,
            ]}
            onChange={(event) => setChosen(event.target.value)}
          />
        )}
        {!agents.isPending && agentId === NEW && <AgentFields />}
        <TextField label="Title" name="title" maxLength={255} dir="auto" hint="May be empty." />
        {error !== null && <ErrorNotice error={error} />}
      </form>
    </Dialog>
  );
}

function AgentFields() {
  return (
    <>
      <TextField label="Name of the agent" name="name" required maxLength={500} dir="auto" />
      <TextAreaField
        label="System prompt"
        name="prompt"
        required
        maxLength={262_144}
        hint="The agent's instructions."
      />
    </>
  );
}

const textOf = (given: FormData, name: string) => String(given.get(name) ?? "").trim();

type NewAgent = { name: string; system_prompt: string };

async function createAgent(agent: NewAgent, key: string): Promise<string> {
  const params = { header: { "Idempotency-Key": key } };
  const { data } = await api.POST("/v1/agents", { params, body: { ...NO_LISTS, ...agent } });
  return data?.id ?? "";
}

async function createSession(agent: string, title: string, key: string): Promise<string> {
  const params = { header: { "Idempotency-Key": key } };
  const body = { ...NO_LISTS, agent_id: agent, ...(title && { title }) };
  const { data } = await api.POST("/v1/sessions", { params, body });
  return data?.id ?? "";
}

const NO_LISTS = { capabilities: [], tags: [] };
