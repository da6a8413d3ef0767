import { TextAreaField, TextField } from "@/ui/field";
import type { CheckForm, FormFaults } from "./checks";

export type FieldsProps = {
  form: CheckForm;
  faults: FormFaults;
  onChange: (change: Partial<CheckForm>) => void;
};

type NumberProps = FieldsProps & { name: "min" | "max"; label: string; isOptional?: boolean };

export function NumberField({ form, faults, onChange, name, label, isOptional }: NumberProps) {
  return (
    <TextField
      label={label}
      hint={isOptional ? "Empty: any number." : undefined}
      type="number"
      min={0}
      step="any"
      value={form[name]}
      fault={faults[name]}
      onChange={(event) => onChange({ [name]: event.target.value })}
    />
  );
}

export function ListField({
  form,
  onChange,
  label,
  hint,
}: FieldsProps & { label: string; hint: string }) {
  return (
    <TextAreaField
      label={label}
      hint={hint}
      value={form.list}
      onChange={(event) => onChange({ list: event.target.value })}
    />
  );
}
