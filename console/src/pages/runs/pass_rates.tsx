import { useState } from "react";
import { Button } from "@/ui/button";
import { count } from "@/ui/format";
import type { Row } from "./matrix";
import { rateText } from "./runs";
import { byNeed, decided, rateOf, type Tally, wilson } from "./scores";

/** Scenarios at first, and with each further step: as many as a report plots. */
const STEP = 40;
const TICKS = [0, 25, 50, 75, 100];

type Props = {
  rows: readonly Row[];
  /** Tallies of the baseline by unit; undefined without one. */
  before?: ReadonlyMap<string, Tally> | undefined;
};

/**
 * Pass rate of each scenario with its 95 % interval.
 *
 * The plot is a table whose rows have a line each, so that all of its values can be read.
 */
export function PassRates({ rows, before }: Props) {
  const [shown, setShown] = useState(STEP);
  const sorted = byNeed(rows.filter((row) => decided(row.tally) > 0));
  if (sorted.length === 0) return <p className="muted">No simulation has a verdict yet.</p>;
  return (
    <div className="stack">
      <table className="rates">
        <caption className="visually-hidden">Pass rate by scenario, with its 95 % interval</caption>
        <thead>
          <tr>
            <th scope="col">Scenario</th>
            <th scope="col">
              <Axis />
              <span className="visually-hidden">95 % interval</span>
            </th>
            <th scope="col" className="number">
              Rate
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.slice(0, shown).map((row) => (
            <RateRow key={row.key} row={row} before={before?.get(row.key)} />
          ))}
        </tbody>
      </table>
      {sorted.length > shown && (
        <div>
          <Button onClick={() => setShown(shown + STEP)}>
            Show more of {count(sorted.length)} scenarios
          </Button>
        </div>
      )}
      <Legend hasBefore={before !== undefined} />
    </div>
  );
}

function RateRow({ row, before }: { row: Row; before: Tally | undefined }) {
  const { tally } = row;
  const now = rateOf(tally) ?? 0;
  const was = before ? rateOf(before) : null;
  const [low, high] = wilson(tally.passed, decided(tally));
  return (
    <tr>
      <th scope="row">
        <span dir="auto">{row.name}</span>
        {row.persona && (
          <span className="muted small">
            {" "}
            with <bdi>{row.persona}</bdi>
          </span>
        )}
      </th>
      <td>
        <svg className="rate-line" aria-hidden="true">
          <Grid />
          <line className="rate-range" x1={at(low)} x2={at(high)} y1="50%" y2="50%" />
          {was !== null && (
            <line className="rate-move" x1={at(was)} x2={at(now)} y1="50%" y2="50%" />
          )}
          {was !== null && <circle className="rate-before" cx={at(was)} cy="50%" r="6" />}
          <circle
            className={now === 1 ? "rate-now good" : "rate-now"}
            cx={at(now)}
            cy="50%"
            r="5"
          />
        </svg>
        <span className="visually-hidden">
          {rateText(low)} to {rateText(high)}
          {was !== null && `; ${rateText(was)} in the baseline`}
        </span>
      </td>
      <td className="number">
        {rateText(now)}{" "}
        <span className="muted small">
          {tally.passed}/{decided(tally)}
        </span>
      </td>
    </tr>
  );
}

/** Position of a share; the ends have room for the marks. */
const at = (share: number) => `${2 + 96 * share}%`;

function Grid() {
  return TICKS.map((tick) => (
    <line
      key={tick}
      className="plot-grid"
      x1={at(tick / 100)}
      x2={at(tick / 100)}
      y1="0"
      y2="100%"
    />
  ));
}

function Axis() {
  return (
    <svg className="rate-axis" aria-hidden="true">
      {TICKS.filter((tick) => tick % 50 === 0).map((tick) => (
        <text
          key={tick}
          className={tick === 50 ? "middle" : ""}
          x={at(tick / 100)}
          y="14"
          textAnchor={tick === 0 ? "start" : tick === 100 ? "end" : "middle"}
        >
          {tick} %
        </text>
      ))}
    </svg>
  );
}

function Legend({ hasBefore }: { hasBefore: boolean }) {
  return (
    <p className="row small muted" aria-hidden="true">
      <svg className="legend-mark" aria-hidden="true">
        <circle className="rate-now" cx="50%" cy="50%" r="5" />
      </svg>
      this run
      <svg className="legend-mark" aria-hidden="true">
        <line className="rate-range" x1="0" x2="100%" y1="50%" y2="50%" />
      </svg>
      95 % interval
      {hasBefore && (
        <>
          <svg className="legend-mark" aria-hidden="true">
            <circle className="rate-before" cx="50%" cy="50%" r="5" />
          </svg>
          baseline
        </>
      )}
    </p>
  );
}
