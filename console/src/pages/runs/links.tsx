import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Result } from "./runs";

type Of = Pick<Result, "session_id" | "session_kind">;

/** Id of a simulation's session in the form of its own routes; null before it begins. */
export function sessionIdOf({ session_id: id, session_kind: kind }: Of): string | null {
  if (id === null || kind === "playground") return id;
  return `session_${id.replaceAll("-", "")}`;
}

/** Link to a simulation's session, or to one event of it; the words alone if it never began. */
export function SessionLink({
  result,
  sequence,
  children,
}: {
  result: Of;
  sequence?: number | null;
  children: ReactNode;
}) {
  const sessionId = sessionIdOf(result);
  if (sessionId === null) return children;
  return (
    <Link
      to="/sessions/$sessionId"
      params={{ sessionId }}
      search={sequence == null ? {} : { sequence: String(sequence) }}
    >
      {children}
    </Link>
  );
}

export function SimulationLink({
  runId,
  number,
  className,
  children,
}: {
  runId: string;
  number: number;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Link
      to="/runs/$runId/simulations/$number"
      params={{ runId, number: String(number) }}
      preload={false}
      {...(className && { className })}
    >
      {children}
    </Link>
  );
}
