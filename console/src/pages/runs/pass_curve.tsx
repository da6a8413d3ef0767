import { useId } from "react";
import { rateText } from "./runs";
import { passHat, type Tally } from "./scores";

type Props = {
  tallies: readonly Tally[];
  before?: readonly Tally[] | undefined;
  repeats: number;
};
type Point = { k: number; now: number | null; before: number | null };

/** Height of the plot in pixels, of which the foot is the axis. */
const HEIGHT = 200;
const TOP = 10;
const FOOT = 172;

/** pass^k for k from 1 to the number of repeats: how fast the rate falls tells how reliable it is. */
export function PassCurve({ tallies, before, repeats }: Props) {
  const id = useId();
  const points = Array.from({ length: repeats }, (_, index) => {
    const k = index + 1;
    return { k, now: passHat(tallies, k), before: before ? passHat(before, k) : null };
  });
  if (points.every((point) => point.now === null))
    return <p className="muted">No simulation has a verdict yet.</p>;
  const hasBefore = points.some((point) => point.before !== null);
  return (
    <figure className="stack">
      <svg
        className="curve"
        height={HEIGHT}
        role="img"
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-description`}
      >
        <title id={`${id}-title`}>pass^k by k</title>
        <desc id={`${id}-description`}>{describe(points)}</desc>
        <Axes points={points} />
        {hasBefore && <Line points={points} of="before" />}
        <Line points={points} of="now" />
      </svg>
      <CurveTable points={points} hasBefore={hasBefore} />
    </figure>
  );
}

function describe(points: readonly Point[]): string {
  return `${points.map(({ k, now }) => `k = ${k}: ${rateText(now)}`).join(", ")}.`;
}

/** Position of k, in percent of the width; the labels of the axis stand on the left. */
function xOf(k: number, repeats: number): string {
  return repeats === 1 ? "55%" : `${12 + (84 * (k - 1)) / (repeats - 1)}%`;
}

const yOf = (rate: number) => TOP + (FOOT - TOP) * (1 - rate);

function Axes({ points }: { points: readonly Point[] }) {
  return (
    <>
      {[0, 0.25, 0.5, 0.75, 1].map((rate) => (
        <g key={rate}>
          <line className="plot-grid" x1="9%" x2="99%" y1={yOf(rate)} y2={yOf(rate)} />
          {rate % 0.5 === 0 && (
            <text x="8%" y={yOf(rate) + 4} textAnchor="end">
              {100 * rate} %
            </text>
          )}
        </g>
      ))}
      {points.map(({ k }) => (
        <text key={k} x={xOf(k, points.length)} y={FOOT + 20} textAnchor="middle">
          {k}
        </text>
      ))}
    </>
  );
}

function Line({ points, of }: { points: readonly Point[]; of: "now" | "before" }) {
  const x = (k: number) => xOf(k, points.length);
  const marks = points.flatMap(({ k, [of]: rate }) => (rate === null ? [] : [{ k, rate }]));
  return (
    <g className={`curve-${of}`}>
      {marks.slice(1).map(({ k, rate }, index) => {
        const previous = marks[index];
        if (!previous) return null;
        return <line key={k} x1={x(previous.k)} y1={yOf(previous.rate)} x2={x(k)} y2={yOf(rate)} />;
      })}
      {marks.map(({ k, rate }) => (
        <circle key={k} cx={x(k)} cy={yOf(rate)} r="4.5" />
      ))}
    </g>
  );
}

function CurveTable({ points, hasBefore }: { points: readonly Point[]; hasBefore: boolean }) {
  return (
    <figcaption className="table-frame" role="region" aria-label="Values of pass^k" tabIndex={0}>
      <table className="table curve-table">
        <caption className="visually-hidden">pass^k by k</caption>
        <thead>
          <tr>
            <th scope="col">k</th>
            {points.map(({ k }) => (
              <th key={k} scope="col" className="number">
                {k}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">pass^k</th>
            {points.map(({ k, now }) => (
              <td key={k} className="number">
                {rateText(now)}
              </td>
            ))}
          </tr>
          {hasBefore && (
            <tr>
              <th scope="row">Baseline</th>
              {points.map(({ k, before }) => (
                <td key={k} className="number">
                  {rateText(before)}
                </td>
              ))}
            </tr>
          )}
        </tbody>
      </table>
    </figcaption>
  );
}
