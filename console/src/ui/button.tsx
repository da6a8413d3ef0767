import type { ComponentProps } from "react";

type Look = { look?: "primary" | "danger" | "quiet"; compact?: boolean };

function classes({ look, compact }: Look, further?: string): string {
  return ["button", look, compact && "compact", further].filter(Boolean).join(" ");
}

type Props = ComponentProps<"button"> & Look & { busy?: boolean };

/** A button; `busy` disables it while its action runs. */
export function Button({ look, compact, busy, className, disabled, ...rest }: Props) {
  const looks = { ...(look && { look }), ...(compact && { compact }) };
  return (
    <button
      type="button"
      className={classes(looks, className)}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      {...rest}
    />
  );
}

/** Class names of a link that looks like a button. */
export const buttonClasses = (look: Look = {}) => classes(look);
