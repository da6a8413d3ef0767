import type { Schema } from "@/api/client";
import { JsonText, UserText } from "@/ui/texts";
import { SessionLink } from "./links";
import { OutcomeBadge } from "./progress";
import type { Simulation } from "./simulation";

type Check = Schema["CheckResultResponse"];
type Criterion = Schema["CriterionResultResponse"];
type OfSimulation = { simulation: Simulation };

/** Verdict on a simulation: its checks, and the judgement of its criteria. */
export function Verdict({ simulation }: OfSimulation) {
  const { checks, criteria } = simulation;
  return (
    <section className="panel" aria-labelledby="verdict-title">
      <header>
        <h2 id="verdict-title">Verdict</h2>
      </header>
      <div className="body stack">
        {checks.length + criteria.length === 0 && (
          <p className="muted">
            {simulation.reasons.join(" ") || "There is no verdict: nothing was checked or judged."}
          </p>
        )}
        {checks.length > 0 && (
          <>
            <h3>Checks</h3>
            <ul className="verdicts">
              {checks.map((check, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: results never change their order
                <li key={index}>
                  <CheckResult simulation={simulation} check={check} />
                </li>
              ))}
            </ul>
          </>
        )}
        {criteria.length > 0 && (
          <>
            <h3>Success criteria</h3>
            <ul className="verdicts">
              {criteria.map((criterion, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: results never change their order
                <li key={index}>
                  <CriterionResult simulation={simulation} criterion={criterion} />
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  );
}

function EventLink({ simulation, sequence }: OfSimulation & { sequence: number | null }) {
  if (sequence === null) return null;
  return (
    <SessionLink result={simulation} sequence={sequence}>
      Event {sequence}
    </SessionLink>
  );
}

function CheckResult({ simulation, check }: OfSimulation & { check: Check }) {
  const { type } = check.check;
  return (
    <>
      <div className="row">
        <OutcomeBadge outcome={check.outcome} />
        <code>{typeof type === "string" ? type : "check"}</code>
        <EventLink simulation={simulation} sequence={check.sequence} />
      </div>
      <UserText text={check.reason} />
      <details className="small">
        <summary>The check</summary>
        <JsonText value={check.check} label="The check" />
      </details>
    </>
  );
}

function CriterionResult({ simulation, criterion }: OfSimulation & { criterion: Criterion }) {
  const { score, scale } = criterion;
  return (
    <>
      <div className="row">
        <OutcomeBadge outcome={criterion.outcome} />
        {scale === "score_5" && score !== null && <span className="numbers">{score} of 5</span>}
      </div>
      <strong>
        <UserText text={criterion.description} />
      </strong>
      <UserText text={criterion.reason} />
      {criterion.evidence.map(({ quote, sequence }) => (
        <blockquote key={`${sequence} ${quote}`} className="evidence small">
          <UserText text={quote} />
          <EventLink simulation={simulation} sequence={sequence} />
        </blockquote>
      ))}
    </>
  );
}
