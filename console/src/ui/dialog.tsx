import { Dialog as Base } from "@base-ui/react/dialog";
import type { ReactNode } from "react";

type Props = {
  title: string;
  description?: ReactNode;
  isOpen: boolean;
  onClose: () => void;
  wide?: boolean;
  children?: ReactNode;
  /** Buttons, the main one last. */
  actions?: ReactNode;
};

/** A modal dialog: holds the focus, closes with Escape, and returns the focus. */
export function Dialog({ title, description, isOpen, onClose, wide, children, actions }: Props) {
  return (
    <Base.Root open={isOpen} onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="backdrop" />
        <Base.Popup className={wide ? "dialog wide" : "dialog"}>
          <div>
            <Base.Title>{title}</Base.Title>
            {description && <Base.Description className="muted">{description}</Base.Description>}
          </div>
          <div className="body">{children}</div>
          {actions && <footer>{actions}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
