import { useState } from "react";
import { Button } from "@/ui/button";
import { count } from "@/ui/format";
import { UserText } from "@/ui/texts";
import { type Failure, failuresOf } from "./failures";
import { SessionLink, SimulationLink } from "./links";
import { OutcomeBadge } from "./progress";
import { nameOf, type Result } from "./runs";

/** Groups, and cases of one, that are shown at first. */
const GROUPS = 20;
const CASES = 5;

/** Reasons of the simulations that did not pass, the most frequent first. */
export function FailuresPanel({ runId, results }: { runId: string; results: readonly Result[] }) {
  const [isWhole, setWhole] = useState(false);
  const failures = failuresOf(results);
  if (failures.length === 0) return <p className="muted">Nothing failed so far.</p>;
  return (
    <div className="stack">
      <p className="muted small">
        One simulation may have several reasons. An event leads to its place in the session.
      </p>
      <ul className="stack">
        {failures.slice(0, isWhole ? undefined : GROUPS).map((failure) => (
          <li key={`${failure.outcome} ${failure.reason}`}>
            <FailureGroup runId={runId} failure={failure} />
          </li>
        ))}
      </ul>
      {failures.length > GROUPS && !isWhole && (
        <div>
          <Button onClick={() => setWhole(true)}>Show all {count(failures.length)} reasons</Button>
        </div>
      )}
    </div>
  );
}

function FailureGroup({ runId, failure }: { runId: string; failure: Failure }) {
  const [isWhole, setWhole] = useState(false);
  const { cases } = failure;
  return (
    <article className="panel">
      <header>
        <OutcomeBadge outcome={failure.outcome} />
        <strong className="numbers">{count(cases.length)} ×</strong>
        <div className="failure-reason">
          <UserText text={failure.reason} />
        </div>
      </header>
      <ul className="body failure-cases">
        {cases.slice(0, isWhole ? undefined : CASES).map(({ result, sequence }) => (
          <li key={result.number} className="row small">
            <SimulationLink runId={runId} number={result.number}>
              <bdi>{nameOf(result)}</bdi>, repeat {result.repeat + 1}
            </SimulationLink>
            {sequence !== null && (
              <SessionLink result={result} sequence={sequence}>
                Event {sequence}
              </SessionLink>
            )}
          </li>
        ))}
        {cases.length > CASES && !isWhole && (
          <li>
            <Button compact onClick={() => setWhole(true)}>
              Show all {count(cases.length)}
            </Button>
          </li>
        )}
      </ul>
    </article>
  );
}
