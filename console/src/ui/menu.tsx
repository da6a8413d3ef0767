import { Menu as Base } from "@base-ui/react/menu";
import type { ReactNode } from "react";

export type MenuEntry = {
  text: string;
  onSelect: () => void;
  isDanger?: boolean;
  isDisabled?: boolean;
};

/** A button that opens a list of actions. */
export function Menu({ label, entries }: { label: ReactNode; entries: readonly MenuEntry[] }) {
  return (
    <Base.Root>
      <Base.Trigger className="button">{label}</Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} align="end">
          <Base.Popup className="menu">
            {entries.map((entry) => (
              <Base.Item
                key={entry.text}
                className={entry.isDanger ? "menu-item danger" : "menu-item"}
                disabled={entry.isDisabled ?? false}
                onClick={entry.onSelect}
              >
                {entry.text}
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
