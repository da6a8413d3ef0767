import type { Session } from "./requests";

/** Return the text that names a session for people. */
export function titleOf(session: Session): string {
  return session.title || session.preview || session.workflow?.name || session.id;
}
