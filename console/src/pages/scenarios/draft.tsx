import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Page } from "@/ui/page";
import { BriefDraft } from "./brief_draft";
import { EMPTY } from "./content";
import { DraftEditor } from "./draft_editor";
import { SessionDraft } from "./session_draft";
import { SessionPicker } from "./session_picker";
import "./scenarios.css";

/** A new scenario, which nothing is stored of until it is saved. */
export default function DraftPage() {
  const { session, from } = useSearch({ strict: false }) as { session?: string; from?: string };
  if (session) return <SessionDraft key={session} sessionId={session} />;
  if (from === "brief") return <BriefDraft />;
  if (from === "blank") return <BlankDraft />;
  return <ChooseSession />;
}

function ChooseSession() {
  const navigate = useNavigate();
  return (
    <Page
      title="Draft from a session"
      lead={
        <>
          Choose the session. Or{" "}
          <Link to="/scenarios/new" search={{ from: "brief" }}>
            draft from a brief
          </Link>
          , or{" "}
          <Link to="/scenarios/new" search={{ from: "blank" }}>
            write by hand
          </Link>
          .
        </>
      }
    >
      <SessionPicker
        onChoose={({ id }) => navigate({ to: "/scenarios/new", search: { session: id } })}
      />
    </Page>
  );
}

function BlankDraft() {
  return (
    <Page title="New scenario" lead="Nothing is stored until you save it.">
      <DraftEditor draft={null} initial={EMPTY} needles={[]} session={null} />
    </Page>
  );
}
