import { Badge } from "@/ui/badge";
import { count } from "@/ui/format";
import {
  OUTCOMES,
  outcomeOf,
  type Result,
  type ResultOutcome,
  RUN_STATUSES,
  type Run,
} from "./runs";

export function RunStatusBadge({ status }: { status: Run["status"] }) {
  const { text, tone } = RUN_STATUSES[status];
  return <Badge tone={tone}>{text}</Badge>;
}

export function OutcomeBadge({ outcome }: { outcome: ResultOutcome }) {
  const { text, sign, tone } = OUTCOMES[outcome];
  return (
    <Badge tone={tone}>
      <span aria-hidden="true">{sign} </span>
      {text}
    </Badge>
  );
}

export function ResultBadge({ result }: { result: Pick<Result, "outcome" | "status"> }) {
  return <OutcomeBadge outcome={outcomeOf(result)} />;
}

/** Counts of simulations that have ended, by outcome. */
export function countsOf({ progress }: Run): [ResultOutcome, number][] {
  return [
    ["passed", progress.passed],
    ["failed", progress.failed],
    ["undecided", progress.undecided],
    ["error", progress.errors],
    ["cancelled", progress.cancelled],
    ["budget_exceeded", progress.budget_exceeded],
  ];
}

/** Bar of the simulations that have ended, one part for each outcome. */
export function ProgressBar({ run }: { run: Run }) {
  const { finished, total } = run.progress;
  const parts = countsOf(run).filter(([, number]) => number > 0);
  const words = parts.map(([outcome, number]) => `${number} ${OUTCOMES[outcome].text}`).join(", ");
  return (
    <div
      className="run-bar"
      role="progressbar"
      aria-label="Simulations that have ended"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={finished}
      aria-valuetext={`${count(finished)} of ${count(total)}${words && `: ${words}`}`}
    >
      {parts.map(([outcome, number]) => (
        <span
          key={outcome}
          className={`run-bar-part ${outcome}`}
          style={{ width: `${(100 * number) / total}%` }}
        />
      ))}
    </div>
  );
}
