import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Badge, type Tone } from "@/ui/badge";
import { cost, count } from "@/ui/format";
import { Time } from "@/ui/time";
import type { Kind, Session } from "./requests";
import { useVersionName } from "./use_versions";

const KIND_NAMES: Record<Kind, string> = {
  agent: "Agent",
  playground: "Playground",
  evaluation: "Evaluation",
};
export const STATUSES: Record<Session["status"], [Tone, string]> = {
  open: ["plain", "Open"],
  running: ["info", "Running"],
  waiting: ["warn", "Waiting"],
  completed: ["ok", "Completed"],
  failed: ["bad", "Failed"],
};

export function KindBadge({ kind }: { kind: Kind }) {
  return <Badge tone={kind === "agent" ? "accent" : "plain"}>{KIND_NAMES[kind]}</Badge>;
}

export function StatusBadge({ session }: { session: Session }) {
  const [tone, text] = STATUSES[session.status];
  return <Badge tone={tone}>{session.awaiting_approval ? "Awaits approval" : text}</Badge>;
}

/** Kind, status, creation and tags: the line below the title. */
export function SessionLead({ session }: { session: Session }) {
  const origin = session.forked_from;
  return (
    <div className="row">
      <KindBadge kind={session.kind} />
      <StatusBadge session={session} />
      <span>
        Created <Time value={session.created_at} />
      </span>
      {origin && (
        <span>
          Forked from{" "}
          <Link to="/sessions/$sessionId" params={{ sessionId: origin.session_id }}>
            another session
          </Link>{" "}
          at event {count(origin.sequence)}
        </span>
      )}
      {session.tags.map((tag) => (
        <span key={tag} className="tag" dir="auto">
          {tag}
        </span>
      ))}
    </div>
  );
}

/** The name of what answers in a session. */
export function PartnerName({ session }: { session: Session }) {
  const { agent, workflow, evaluated } = session;
  const version = useVersionName(evaluated);
  const name = agent?.name || workflow?.name || version || "—";
  return (
    <span className="partner-name" dir="auto" title={name}>
      {name}
    </span>
  );
}

const PARTNERS: Record<Kind, string> = {
  agent: "Agent",
  playground: "Workflow",
  evaluation: "Version",
};

/** Totals of a session. */
export function SessionFacts({ session }: { session: Session }) {
  const { usage, simulation, evaluated } = session;
  return (
    <dl className={`totals ${session.kind}`}>
      <Fact name={PARTNERS[session.kind]}>
        <PartnerName session={session} />
      </Fact>
      {evaluated?.test_case_id && <Fact name="Test case">{evaluated.test_case_id}</Fact>}
      {simulation && (
        <Fact name="Run">
          <Link to="/runs/$runId" params={{ runId: simulation.run_id }}>
            {simulation.number === null ? "Open the run" : `Simulation ${simulation.number}`}
          </Link>
        </Fact>
      )}
      <Fact name="Turns">{count(session.turn_count)}</Fact>
      {session.message_count !== null && (
        <Fact name="Messages">{count(session.message_count)}</Fact>
      )}
      <Fact name="Events">{count(session.event_count)}</Fact>
      <Fact name="Tokens in">{usage ? count(usage.input_tokens) : "—"}</Fact>
      <Fact name="Tokens out">{usage ? count(usage.output_tokens) : "—"}</Fact>
      {usage?.cost != null && <Fact name="Cost">{cost(usage.cost)}</Fact>}
      <Fact name="Last change">
        <Time value={session.updated_at} />
      </Fact>
      <Fact name="Id">
        <code>{session.id}</code>
      </Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
