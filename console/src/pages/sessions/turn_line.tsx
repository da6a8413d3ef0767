import type { Span, Turn } from "@/transcript/turns";
import { Badge, type Tone } from "@/ui/badge";
import { Button } from "@/ui/button";
import { cost, count, duration, wholeTime } from "@/ui/format";

const STATUSES: Record<NonNullable<Turn["status"]>, [Tone, string]> = {
  running: ["info", "Running"],
  completed: ["ok", "Completed"],
  failed: ["bad", "Failed"],
  cancelled: ["warn", "Cancelled"],
};

/** Bars of one turn that are drawn, at most. */
const MAX_SPANS = 200;

type Props = {
  turn: Turn;
  /** Milliseconds that the whole width of the axis stands for. */
  axis: number;
  onFork: ((turn: Turn, sequence: number | null) => void) | undefined;
};

/** The line above a turn's entries: its state, time, tokens and cost, and its bars. */
export function TurnLine({ turn, axis, onFork }: Props) {
  const status = turn.status === null ? null : STATUSES[turn.status];
  const name = turn.number === null ? "Turn" : `Turn ${count(turn.number)}`;
  return (
    <div className="turn-line">
      <div className="row small">
        <h3>{name}</h3>
        {status && turn.status !== "completed" && <Badge tone={status[0]}>{status[1]}</Badge>}
        <span className="muted">
          <time dateTime={turn.startedAt}>{wholeTime(turn.startedAt)}</time>
        </span>
        <Facts turn={turn} />
        {onFork && (
          <Button
            compact
            look="quiet"
            className="push"
            aria-label={`Fork after ${name.toLowerCase()}`}
            onClick={() => onFork(turn, null)}
          >
            Fork
          </Button>
        )}
      </div>
      <Bars turn={turn} axis={axis} />
    </div>
  );
}

function Facts({ turn }: { turn: Turn }) {
  const { durationMs, inputTokens, outputTokens } = turn;
  const facts = [
    durationMs !== null && durationMs > 0 && duration(durationMs),
    inputTokens !== null && `${count(inputTokens)} tokens in`,
    outputTokens !== null && `${count(outputTokens)} ${inputTokens === null ? "tokens" : "out"}`,
    turn.cost !== null && cost(turn.cost),
  ].filter((fact) => fact !== false);
  return <span className="muted numbers">{facts.join(" · ")}</span>;
}

/** Times of model and tool calls: two lanes on the axis that all turns share. */
function Bars({ turn, axis }: { turn: Turn; axis: number }) {
  if (axis === 0 || !turn.durationMs) return null;
  const share = (milliseconds: number) => `${Math.min(100, (milliseconds / axis) * 100)}%`;
  const spans = turn.spans.slice(0, MAX_SPANS);
  return (
    <div className="bars" role="img" aria-label={summary(turn)}>
      <div className="bar whole" style={{ width: share(turn.durationMs) }} />
      {spans.map((span, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: bars of a turn never change their order
          key={index}
          className={`bar ${span.lane}`}
          title={`${span.name}: ${duration(span.length)}`}
          style={{ insetInlineStart: share(span.start), width: share(span.length) }}
        />
      ))}
    </div>
  );
}

function summary(turn: Turn): string {
  const sum = (lane: Span["lane"]) =>
    turn.spans.reduce((total, span) => total + (span.lane === lane ? span.length : 0), 0);
  const parts = [
    `Model calls ${duration(sum("model"))}`,
    `tool calls ${duration(sum("tool"))}`,
    `of ${duration(turn.durationMs ?? 0)}`,
  ];
  return parts.join(", ");
}
