import { Button } from "@/ui/button";

/** Choice of the turn whose end is shown, from the opening on. */
export function TurnChoice({
  turn,
  latest,
  onChoose,
}: {
  turn: number;
  latest: number;
  onChoose: (turn: number) => void;
}) {
  return (
    <div className="turn-choice" role="group" aria-label="Turn that is shown">
      <Button
        compact
        aria-label="Previous turn"
        disabled={turn <= 0}
        onClick={() => onChoose(turn - 1)}
      >
        ‹
      </Button>
      <span className="numbers" aria-live="polite">
        {turn === 0 ? "Before the first turn" : `As of turn ${turn}`}
        {turn === latest ? " (now)" : ` of ${latest}`}
      </span>
      <Button
        compact
        aria-label="Next turn"
        disabled={turn >= latest}
        onClick={() => onChoose(turn + 1)}
      >
        ›
      </Button>
      {turn < latest && (
        <Button compact onClick={() => onChoose(latest)}>
          Back to now
        </Button>
      )}
    </div>
  );
}
