import { type ComponentProps, useId } from "react";
import { Place, SourceButton } from "./links";
import { kindLabel, Marked } from "./marked";
import { markedTexts, type Needle } from "./marks";

type Props = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  needles: readonly Needle[];
  /** Place of the draft: its source lights up. */
  place: string;
  hint?: string;
  fault?: string | undefined;
  /** Line breaks are not entered. */
  isLine?: boolean;
  /** Called with the cursor's position. */
  onCursor?: (position: number) => void;
} & Pick<ComponentProps<"textarea">, "maxLength" | "required">;

/** A text that can be edited, as high as its content; what stands for a value is marked in it. */
export function MarkedArea(props: Props) {
  const { label, value, needles, place, hint, fault } = props;
  const id = useId();
  const marks = markedTexts(value, needles);
  const described = [
    hint && `${id}-hint`,
    marks.length > 0 && `${id}-marks`,
    fault && `${id}-fault`,
  ]
    .filter(Boolean)
    .join(" ");
  return (
    <Place place={place} className="field">
      <div className="row">
        <label htmlFor={id} className="area-label">
          {label}
        </label>
        <span className="push">
          <SourceButton place={place} name={label} />
        </span>
      </div>
      <Area {...props} id={id} described={described} />
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {marks.length > 0 && <ReplacedTexts id={`${id}-marks`} marks={marks} />}
      {fault && (
        <span className="fault" id={`${id}-fault`} role="alert">
          {fault}
        </span>
      )}
    </Place>
  );
}

function Area(props: Props & { id: string; described: string }) {
  const { id, described, value, onChange, needles, fault, isLine, onCursor } = props;
  return (
    <div className="marked-area">
      {/* The same text behind the input: it has the marks, and the height. */}
      <div className="marked-back input" aria-hidden="true" dir="auto">
        <Marked text={value} needles={needles} isBare />
        {"\u200b"}
      </div>
      <textarea
        id={id}
        className="input"
        dir="auto"
        rows={1}
        spellCheck={false}
        value={value}
        maxLength={props.maxLength}
        required={props.required}
        aria-describedby={described || undefined}
        aria-invalid={fault ? true : undefined}
        onSelect={(event) => onCursor?.(event.currentTarget.selectionStart)}
        onChange={(event) => {
          const text = event.target.value;
          onChange(isLine ? text.replace(/\s*\n\s*/g, " ") : text);
        }}
      />
    </div>
  );
}

function ReplacedTexts({ id, marks }: { id: string; marks: readonly Needle[] }) {
  return (
    <ul id={id} className="row small replaced-texts" aria-label="Replaced">
      {marks.map(({ text, kind }) => (
        <li key={text}>
          <mark className="replaced" data-kind={kind}>
            <bdi>{text}</bdi>
            <span className="replaced-kind">{kindLabel(kind)}</span>
          </mark>
        </li>
      ))}
    </ul>
  );
}
