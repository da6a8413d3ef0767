import { type ReactNode, useEffect, useRef, useState } from "react";

/**
 * Value of a control that the page's address has, once it is rendered for that address.
 *
 * An address that the control has set itself does not replace the value: a further one may have
 * been written meanwhile. Any other address does.
 */
export function useAddressed(inAddress: string) {
  const [value, write] = useState(inAddress);
  const own = useRef<string[]>([]);
  useEffect(() => {
    const index = own.current.indexOf(inAddress);
    if (index < 0) write(inAddress);
    own.current.splice(0, index < 0 ? own.current.length : index + 1);
  }, [inAddress]);
  return {
    value,
    write,
    /** Return the value for the address, without spaces around it. */
    submit(): string {
      own.current.push(value.trim());
      return value.trim();
    },
    /** Write a value that the address has at once. */
    choose(chosen: string): void {
      own.current.push(chosen);
      write(chosen);
    },
  };
}

type Props = {
  value: string;
  onChange: (value: string) => void;
  children: (given: {
    value: string;
    onChange: (event: { target: { value: string } }) => void;
  }) => ReactNode;
};

/** A control, each change of which is in the page's address. */
export function Addressed({ value, onChange, children }: Props) {
  const addressed = useAddressed(value);
  return children({
    value: addressed.value,
    onChange({ target }) {
      addressed.choose(target.value);
      onChange(target.value);
    },
  });
}
