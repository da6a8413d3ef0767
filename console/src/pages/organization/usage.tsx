import { useState } from "react";
import { $api, type Schema } from "@/api/client";
import { SelectField } from "@/ui/field";
import { cost, count, wholeTime } from "@/ui/format";
import { Empty, ErrorNotice, Skeleton } from "@/ui/notices";
import {
  bars,
  busyDays,
  type Counts,
  firstDay,
  MEASURES,
  type Measure,
  sessionsOf,
  summary,
} from "./usage_days";

const RANGES = [
  ["7", "7 days"],
  ["30", "30 days"],
  ["92", "92 days"],
] as const;

/** Sessions, turns, tokens and cost by day, and the limits that apply. */
export function Usage() {
  const [range, setRange] = useState("30");
  const [measure, setMeasure] = useState<Measure>("sessions");
  const query = { first_day: firstDay(Number(range)) };
  const usage = $api.useQuery(
    "get",
    "/v1/identity/usage",
    { params: { query } },
    { placeholderData: (before) => before },
  );
  return (
    <div className="stack">
      <div className="row">
        <SelectField
          label="Time"
          value={range}
          options={RANGES}
          onChange={(event) => setRange(event.target.value)}
        />
        <SelectField
          label="Chart of"
          value={measure}
          options={Object.entries(MEASURES).map(([id, { name }]) => [id, name] as const)}
          onChange={(event) => setMeasure(event.target.value as Measure)}
        />
      </div>
      {usage.isPending && <Skeleton height="32rem" />}
      {usage.error && <ErrorNotice error={usage.error} onRetry={() => usage.refetch()} />}
      {usage.data && <Report usage={usage.data} measure={measure} />}
    </div>
  );
}

function Report({ usage, measure }: { usage: Schema["UsageResponse"]; measure: Measure }) {
  return (
    <>
      {!usage.is_complete && (
        <div className="notice warn">
          <p>
            <strong>The figures are cut:</strong> sessions before {wholeTime(usage.complete_from)}{" "}
            are not counted. Choose a shorter time.
          </p>
        </div>
      )}
      <Chart usage={usage} measure={measure} />
      <section className="stack">
        <h2>By day</h2>
        <p className="muted small">
          A session counts on the day of its creation (UTC), with all of its turns so far.
          Playground sessions have no tokens; cost is what clients of evaluations reported.
        </p>
        {sessionsOf(usage.total) === 0 ? (
          <Empty title="No sessions in this time" />
        ) : (
          <DayTable usage={usage} />
        )}
      </section>
      <Limits limits={usage.limits} />
    </>
  );
}

function Chart({ usage, measure }: { usage: Schema["UsageResponse"]; measure: Measure }) {
  const { name, of, text } = MEASURES[measure];
  return (
    <figure className="usage-chart panel">
      <figcaption className="row">
        <strong>{name}</strong>
        <span className="muted small">{text(of(usage.total))} in all</span>
      </figcaption>
      <div className="bars" role="img" aria-label={summary(usage.days, measure)}>
        {bars(usage.days, measure).map((bar) => (
          <span key={bar.day} title={`${bar.day}: ${bar.text}`}>
            <span style={{ height: `${bar.share * 100}%` }} />
          </span>
        ))}
      </div>
      <div className="row muted small">
        <span>{usage.days[0]?.day}</span>
        <span className="push">{usage.days.at(-1)?.day}</span>
      </div>
    </figure>
  );
}

const COLUMNS: readonly (readonly [string, (counts: Counts) => string])[] = [
  ["Agent", (one) => count(one.sessions.agent)],
  ["Playground", (one) => count(one.sessions.playground)],
  ["Evaluation", (one) => count(one.sessions.evaluation)],
  ["Turns", (one) => count(one.turns)],
  ["Input tokens", (one) => count(one.input_tokens)],
  ["Output tokens", (one) => count(one.output_tokens)],
  ["Cost", (one) => (one.cost === null ? "–" : cost(one.cost))],
];

function DayTable({ usage }: { usage: Schema["UsageResponse"] }) {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Usage by day">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Day</th>
            {COLUMNS.map(([name]) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {busyDays(usage.days).map((day) => (
            <tr key={day.day}>
              <th scope="row">{day.day}</th>
              <Figures counts={day} />
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All days</th>
            <Figures counts={usage.total} />
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Figures({ counts }: { counts: Counts }) {
  return COLUMNS.map(([name, text]) => (
    <td key={name} className="number">
      {text(counts)}
    </td>
  ));
}

function Limits({ limits }: { limits: Schema["OrganizationLimits"] }) {
  const progress = (now: number, max: number) =>
    `${count(now)} of ${count(max)}, further ones wait`;
  const number = (value: number | null) => (value === null ? "not limited" : count(value));
  return (
    <section className="stack">
      <h2>Limits</h2>
      <dl className="facts">
        <dt>Turns in progress</dt>
        <dd>{progress(limits.turns_in_progress, limits.max_turns_in_progress)}</dd>
        <dt>Simulations in progress</dt>
        <dd>{progress(limits.simulations_in_progress, limits.max_simulations_in_progress)}</dd>
        <dt>Requests per second</dt>
        <dd>
          {number(limits.requests_per_second)}
          {limits.requests_in_a_burst !== null &&
            `, ${count(limits.requests_in_a_burst)} in a burst`}
        </dd>
        <dt>Requests per day</dt>
        <dd>{number(limits.requests_per_day)}</dd>
      </dl>
    </section>
  );
}
