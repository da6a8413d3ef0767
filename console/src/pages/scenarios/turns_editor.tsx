import { memo, useState } from "react";
import { Button } from "@/ui/button";
import { count } from "@/ui/format";
import { placeOfTurn } from "./alignment";
import { type Content, turnOf } from "./content";
import type { EditorProps } from "./editor";
import { MarkedArea } from "./marked_area";

/** Messages that are shown until all are asked for. */
const SHOWN = 12;

type Props = Pick<EditorProps, "onChange" | "faults" | "needles"> & Pick<Content, "userTurns">;

/** The messages of the recorded user, which a simulated user without a model says. */
export const TurnsEditor = memo(({ userTurns, onChange, faults, needles }: Props) => {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? userTurns : userTurns.slice(0, SHOWN);
  const set = (turns: typeof userTurns) => onChange({ userTurns: turns });
  return (
    <section className="stack editor-section" aria-labelledby="turns-heading">
      <h2 id="turns-heading">Messages of the user</h2>
      <p className="muted small">A simulated user without a model says these, in this order.</p>
      <ol className="stack">
        {shown.map((turn, index) => (
          <li key={turn.id} className="turn-row">
            <MarkedArea
              label={`Message ${index + 1}`}
              place={placeOfTurn(turn.id)}
              value={turn.text}
              onChange={(text) =>
                set(userTurns.map((one) => (one.id === turn.id ? { ...one, text } : one)))
              }
              needles={needles}
              fault={faults[`user_turns.${index}`]}
              maxLength={20_000}
            />
            <Button
              compact
              look="quiet"
              aria-label={`Remove message ${index + 1}`}
              onClick={() => set(userTurns.filter((one) => one.id !== turn.id))}
            >
              Remove
            </Button>
          </li>
        ))}
      </ol>
      {faults.user_turns && (
        <p className="fault small" role="alert">
          {faults.user_turns}
        </p>
      )}
      <div className="row">
        {userTurns.length > SHOWN && (
          <Button aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? "Show the first ones" : `Show all ${count(userTurns.length)} messages`}
          </Button>
        )}
        <Button
          onClick={() => {
            setWhole(true);
            set([...userTurns, turnOf("")]);
          }}
        >
          Add a message
        </Button>
      </div>
    </section>
  );
});
