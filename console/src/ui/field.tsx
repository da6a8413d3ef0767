import { type ComponentProps, type ReactNode, useId } from "react";

type FieldProps = { label: string; hint?: ReactNode; fault?: string | undefined };
type Described = { id: string; "aria-describedby"?: string; "aria-invalid"?: true };

/** A label, its control, a hint, and the fault of the input. */
function Field({
  label,
  hint,
  fault,
  children,
}: FieldProps & { children: (given: Described) => ReactNode }) {
  const id = useId();
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        ...(described && { "aria-describedby": described }),
        ...(fault && { "aria-invalid": true as const }),
      })}
      {hint && (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {fault && (
        <span className="fault" id={`${id}-fault`} role="alert">
          {fault}
        </span>
      )}
    </div>
  );
}

export function TextField({ label, hint, fault, ...rest }: FieldProps & ComponentProps<"input">) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(given) => <input className="input" autoComplete="off" {...given} {...rest} />}
    </Field>
  );
}

export function TextAreaField({
  label,
  hint,
  fault,
  ...rest
}: FieldProps & ComponentProps<"textarea">) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(given) => <textarea className="input" rows={4} dir="auto" {...given} {...rest} />}
    </Field>
  );
}

/** One of few values; `options` are pairs of value and text. */
export function SelectField({
  label,
  hint,
  fault,
  options,
  ...rest
}: FieldProps & { options: readonly (readonly [string, string])[] } & ComponentProps<"select">) {
  return (
    <Field label={label} hint={hint} fault={fault}>
      {(given) => (
        <select className="input" {...given} {...rest}>
          {options.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
