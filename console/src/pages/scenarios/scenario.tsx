import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { curl } from "@/api/curl";
import { useHiddenIds } from "@/api/deletions";
import { ApiError } from "@/api/errors";
import { Badge } from "@/ui/badge";
import { buttonClasses } from "@/ui/button";
import { CopyButton } from "@/ui/copy";
import { LeaveDialog } from "@/ui/leave_dialog";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import { Page } from "@/ui/page";
import { Tabs } from "@/ui/tabs";
import { JsonText } from "@/ui/texts";
import { Time } from "@/ui/time";
import { ChecksPanel } from "./checks_panel";
import { ScenarioActions } from "./scenario_actions";
import { type Stored, useStored } from "./stored";
import { StoredEditor, useEdited } from "./stored_editor";
import "./scenarios.css";

/** A stored scenario: its content, its checks, and what can be done with it. */
export default function ScenarioPage() {
  const { scenarioId = "" } = useParams({ strict: false });
  const hidden = useHiddenIds();
  const { data, error, isPending, refetch } = useStored(scenarioId);
  const isGone = error instanceof ApiError && error.status === 404;
  if (isGone || hidden.has(scenarioId)) return <Gone />;
  return (
    <Page
      title={data?.scenario.name ?? "Scenario"}
      lead={data ? <Lead stored={data} /> : "Loading…"}
      actions={data && <ScenarioActions scenario={data.scenario} />}
    >
      {error && <ErrorNotice error={error} onRetry={() => refetch()} />}
      {isPending && <Skeleton height="70vh" />}
      {data && <Panels key={scenarioId} stored={data} />}
    </Page>
  );
}

function Lead({ stored: { scenario } }: { stored: Stored }) {
  const { source, source_agent_name: agent, source_persona_name: persona } = scenario;
  return (
    <span className="row">
      <Badge tone={source === "drafted" ? "accent" : "plain"}>
        {source === "drafted" ? "Drafted" : "By hand"}
      </Badge>
      {agent && (
        <span>
          from a session of <bdi>{agent}</bdi>
        </span>
      )}
      {persona && (
        <span>
          with the persona <bdi>{persona}</bdi>
        </span>
      )}
      <span>
        changed <Time value={scenario.updated_at} />
      </span>
    </span>
  );
}

function Panels({ stored }: { stored: Stored }) {
  const { tab = "content", session } = useSearch({ strict: false }) as {
    tab?: string;
    session?: string;
  };
  const navigate = useNavigate();
  const { id } = stored.scenario;
  // A panel that is not shown has no state: what is edited belongs to the page.
  const edited = useEdited(stored);
  return (
    <>
      <LeaveDialog shouldAsk={() => edited.isChanged} />
      <Tabs
        label="Parts of the scenario"
        selected={tab}
        onSelect={(selected) =>
          navigate({
            to: ".",
            search: { tab: selected, ...(session && { session }) },
            replace: true,
            resetScroll: false,
          })
        }
        tabs={[
          {
            id: "content",
            title: edited.isChanged ? "Content (unsaved)" : "Content",
            content: <StoredEditor stored={stored} edited={edited} />,
          },
          {
            id: "checks",
            title: "Checks",
            content: <ChecksPanel scenarioId={id} sessionId={session ?? null} />,
          },
          { id: "json", title: "JSON", content: <Raw stored={stored} /> },
        ]}
      />
    </>
  );
}

function Raw({ stored: { scenario } }: { stored: Stored }) {
  return (
    <div className="stack">
      <div className="row">
        <CopyButton label="Copy the JSON" text={() => JSON.stringify(scenario, null, 2)} />
        <CopyButton label="Copy as curl" text={curl(`/v1/scenarios/${scenario.id}`)} />
      </div>
      <JsonText value={scenario} label="The scenario as JSON" />
    </div>
  );
}

function Gone() {
  return (
    <Page title="Scenario">
      <Empty title="This scenario does not exist">
        <p>It was deleted, or it belongs to the organization of another key.</p>
        <Link to="/scenarios" className={buttonClasses()}>
          Go to the scenarios
        </Link>
      </Empty>
    </Page>
  );
}
