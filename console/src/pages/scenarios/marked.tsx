import { count } from "@/ui/format";
import { Cut } from "@/ui/texts";
import { KINDS, type Kind, type Needle, segmentsOf } from "./marks";

/** The kind of what was replaced, as a mark shows it. */
export const kindLabel = (kind: Kind) => `‹${KINDS[kind]}›`;

/** Segments of a text; marked ones with their kind behind them, unless it is said elsewhere. */
export function Marked({
  text,
  needles,
  isBare = false,
}: {
  text: string;
  needles: readonly Needle[];
  isBare?: boolean;
}) {
  return segmentsOf(text, needles).map(({ text: part, kind, start }) =>
    kind ? (
      <mark key={start} className="replaced" data-kind={kind}>
        {/* An isolated text would break its lines elsewhere. */}
        {isBare ? part : <bdi>{part}</bdi>}
        {!isBare && <span className="replaced-kind">{kindLabel(kind)}</span>}
      </mark>
    ) : (
      part
    ),
  );
}

type TextProps = { text: string; needles: readonly Needle[]; isCode?: boolean };

/** A recorded text with marks; a long one is cut until it is asked for. */
export function MarkedText({ text, needles, isCode = false }: TextProps) {
  return (
    <Cut text={text}>
      {(shown) => (
        <div className={isCode ? "code" : "user-text"} dir={isCode ? "ltr" : "auto"}>
          <Marked text={shown} needles={needles} />
        </div>
      )}
    </Cut>
  );
}

/** Kinds of the marks, with the number of each. */
export function Legend({ counts, label }: { counts: readonly [Kind, number][]; label: string }) {
  if (counts.length === 0) return null;
  return (
    <ul className="row small legend" aria-label={label}>
      {counts.map(([kind, number]) => (
        <li key={kind}>
          <mark className="replaced" data-kind={kind}>
            {kindLabel(kind)}
          </mark>{" "}
          <span className="numbers">{count(number)}</span>
        </li>
      ))}
    </ul>
  );
}
