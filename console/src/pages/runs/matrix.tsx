import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Badge } from "@/ui/badge";
import { Button } from "@/ui/button";
import { count } from "@/ui/format";
import { SimulationLink } from "./links";
import { OUTCOMES, outcomeOf, type Result } from "./runs";
import { decided, isFlaky, type Tally, type Unit } from "./scores";

export type Row = Unit & { tally: Tally; persona: string };

/** Rows at first, and with each further step. */
const STEP = 100;

/** Scenarios by repeats: each cell is a simulation. */
export function Matrix({ runId, rows, repeats }: { runId: string; rows: Row[]; repeats: number }) {
  const [shown, setShown] = useState(STEP);
  const numbers = Array.from({ length: repeats }, (_, index) => index);
  return (
    <div className="stack">
      <div className="table-frame">
        <table className="table matrix">
          <caption className="visually-hidden">Outcomes of the scenarios by repeat</caption>
          <thead>
            <tr>
              <th scope="col">Scenario</th>
              {numbers.map((repeat) => (
                <th key={repeat} scope="col" className="matrix-head">
                  <span className="visually-hidden">Repeat </span>
                  {repeat + 1}
                </th>
              ))}
              <th scope="col">Passed</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <tr key={row.key}>
                <ScenarioCell row={row} />
                {numbers.map((repeat) => (
                  <td key={repeat} className="matrix-cell">
                    <Cell runId={runId} result={row.results[repeat]} repeat={repeat} />
                  </td>
                ))}
                <td className="numbers">
                  {decided(row.tally) > 0 ? `${row.tally.passed}/${decided(row.tally)}` : "–"}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <div>
          <Button onClick={() => setShown(shown + STEP)}>
            Show more of {count(rows.length)} rows
          </Button>
        </div>
      )}
      <Legend rows={rows} />
    </div>
  );
}

function ScenarioCell({ row }: { row: Row }) {
  return (
    <th scope="row" className="matrix-name">
      <Link
        to="/scenarios/$scenarioId"
        params={{ scenarioId: row.scenarioId }}
        preload={false}
        dir="auto"
      >
        {row.name}
      </Link>
      {row.persona && (
        <span className="muted small">
          {" "}
          with <bdi>{row.persona}</bdi>
        </span>
      )}{" "}
      {isFlaky(row.tally) && <Badge tone="warn">Flaky</Badge>}
    </th>
  );
}

export function Cell({
  runId,
  result,
  repeat,
}: {
  runId: string;
  result: Result | undefined;
  repeat: number;
}) {
  if (!result) return <span className="outcome-cell pending">·</span>;
  const outcome = outcomeOf(result);
  const { sign, text } = OUTCOMES[outcome];
  return (
    <SimulationLink runId={runId} number={result.number} className={`outcome-cell ${outcome}`}>
      <span aria-hidden="true">{sign}</span>
      <span className="visually-hidden">
        {text}, repeat {repeat + 1}
      </span>
    </SimulationLink>
  );
}

/** The signs of the outcomes that the rows have. */
function Legend({ rows }: { rows: readonly Row[] }) {
  const outcomes = new Set(rows.flatMap((row) => row.results.map(outcomeOf)));
  return (
    <p className="row small muted" aria-hidden="true">
      {[...outcomes].map((outcome) => (
        <span key={outcome} className="row" style={{ gap: "0.3rem" }}>
          <span className={`outcome-cell small ${outcome}`}>{OUTCOMES[outcome].sign}</span>
          {OUTCOMES[outcome].text}
        </span>
      ))}
    </p>
  );
}
