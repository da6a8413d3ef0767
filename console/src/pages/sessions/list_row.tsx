import { Link } from "@tanstack/react-router";
import { useDelete } from "@/api/deletions";
import { Button } from "@/ui/button";
import { cost, count } from "@/ui/format";
import { Time } from "@/ui/time";
import { deleteSession, type Session } from "./requests";
import { KindBadge, PartnerName, StatusBadge } from "./session_facts";
import { titleOf } from "./session_title";

/** One session in the list. */
export function SessionRow({ session, mayWrite }: { session: Session; mayWrite: boolean }) {
  const remove = useDelete();
  const title = titleOf(session);
  const { usage } = session;
  return (
    <tr>
      <td>
        <KindBadge kind={session.kind} />
      </td>
      <th scope="row" className="session-cell">
        <Link to="/sessions/$sessionId" params={{ sessionId: session.id }} dir="auto">
          {title}
        </Link>
        <Preview session={session} title={title} />
      </th>
      <td>
        <StatusBadge session={session} />
      </td>
      <td className="wide partner">
        <Partner session={session} />
      </td>
      <td className="number wide">{count(session.turn_count)}</td>
      <td className="number wide">{usage ? count(usage.total_tokens) : "—"}</td>
      <td className="number wide">{usage?.cost != null ? cost(usage.cost) : "—"}</td>
      <td className="time">
        <Time value={session.created_at} />
      </td>
      {mayWrite && (
        <td>
          <Button
            compact
            look="quiet"
            aria-label={`Delete ${title}`}
            onClick={() =>
              remove(session.id, "The session", (isLeaving) => deleteSession(session, isLeaving))
            }
          >
            Delete
          </Button>
        </td>
      )}
    </tr>
  );
}

/** The last message, and the tags. */
function Preview({ session, title }: { session: Session; title: string }) {
  const said = session.output_preview ?? session.preview;
  const isNew = said !== null && said !== title;
  // The session's page shows the ids of a simulation's run and scenario.
  const tags = session.tags.filter((tag) => !session.simulation || !tag.includes(":"));
  return (
    <>
      {isNew && (
        <div className="preview muted small" dir="auto">
          {said}
        </div>
      )}
      {tags.length > 0 && (
        <div className="row tags">
          {tags.slice(0, 4).map((tag) => (
            <span key={tag} className="tag" dir="auto">
              {tag}
            </span>
          ))}
        </div>
      )}
    </>
  );
}

function Partner({ session }: { session: Session }) {
  const { agent } = session;
  if (agent === null) return <PartnerName session={session} />;
  return (
    <Link
      to="/sessions"
      search={{ agent: agent.id }}
      aria-label={`Show sessions of ${agent.name} only`}
    >
      <span dir="auto">{agent.name}</span>
    </Link>
  );
}
