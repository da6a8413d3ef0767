import { type ReactNode, useEffect } from "react";

/** The frame of a page: its title, its actions, its content. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Agent Sessions`;
  }, [title]);
  return (
    <div className="stack">
      <div className="row">
        <div>
          <h1 dir="auto">{title}</h1>
          {lead && <div className="muted small">{lead}</div>}
        </div>
        {actions && <div className="row push">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
