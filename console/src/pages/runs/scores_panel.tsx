import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { cost, count, duration, shortCount } from "@/ui/format";
import { useNow } from "./clock";
import { countsOf, ProgressBar } from "./progress";
import { elapsed, isLive, OUTCOMES, type Run, rateText } from "./runs";

/** Progress, counts and scores of a run. */
export function ScoresPanel({ run }: { run: Run }) {
  const { finished, total } = run.progress;
  const counts = countsOf(run).filter(
    ([outcome, number]) => number > 0 || outcome === "passed" || outcome === "failed",
  );
  return (
    <section className="panel" aria-labelledby="scores-title">
      <h2 id="scores-title" className="visually-hidden">
        Progress and scores
      </h2>
      <div className="body stack">
        <div className="run-counts">
          <strong className="numbers">
            {count(finished)} of {count(total)} simulations ended
          </strong>
          {counts.map(([outcome, number]) => (
            <Link
              key={outcome}
              to="."
              search={{ tab: "results", outcome }}
              className={`run-count ${outcome}`}
            >
              <span aria-hidden="true">{OUTCOMES[outcome].sign}</span> {count(number)}{" "}
              {OUTCOMES[outcome].text.toLowerCase()}
            </Link>
          ))}
        </div>
        <ProgressBar run={run} />
        <Scores run={run} />
      </div>
    </section>
  );
}

function Scores({ run }: { run: Run }) {
  const { totals } = run;
  const time = elapsed(run, useNow(isLive(run)));
  const tokens = totals.input_tokens + totals.output_tokens;
  const testerTokens = totals.tester_input_tokens + totals.tester_output_tokens;
  const waits = isLive(run) ? "at the end" : "no verdicts";
  return (
    <dl className="run-scores">
      <Score name="Pass rate" hint={run.pass_at_1 === null ? waits : "pass@1"}>
        {rateText(run.pass_at_1)}
      </Score>
      <Score
        name={`pass^${run.repeats}`}
        hint={run.pass_hat_k === null ? waits : `all ${run.repeats} repeats pass`}
      >
        {rateText(run.pass_hat_k)}
      </Score>
      <Score name="Flaky" hint="passed and failed">
        {run.flaky_scenarios === null ? "–" : count(run.flaky_scenarios)}
      </Score>
      <Score name="Duration" hint={`${duration(1_000 * totals.seconds)} of answers`}>
        {time === null ? "–" : duration(time)}
      </Score>
      <Score name="Cost" hint={totals.cost_usd === null ? "not reported" : "as the target reports"}>
        {totals.cost_usd === null ? "–" : cost(totals.cost_usd)}
      </Score>
      <Score
        name="Tokens"
        hint={
          testerTokens > 0 ? `and ${shortCount(testerTokens)} of user and judge` : "of the target"
        }
      >
        {shortCount(tokens)}
      </Score>
      <Score name="Turns" hint={`${count(totals.tool_calls)} tool calls`}>
        {count(totals.turns)}
      </Score>
    </dl>
  );
}

function Score({ name, hint, children }: { name: string; hint: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="numbers">
        <strong>{children}</strong>
        <span className="muted small">{hint}</span>
      </dd>
    </div>
  );
}
