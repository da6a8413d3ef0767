type Props<V extends string> = {
  name: string;
  label: string;
  value: V;
  options: readonly (readonly [V, string])[];
  onChange: (value: V) => void;
};

/** One of a few values, all of them shown. */
export function Choice<V extends string>({ name, label, value, options, onChange }: Props<V>) {
  return (
    <div role="radiogroup" aria-label={label} className="row choice-row">
      {options.map(([option, text]) => (
        <label key={option} className="choice">
          <input
            type="radio"
            className="check"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          {text}
        </label>
      ))}
    </div>
  );
}
