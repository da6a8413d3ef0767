import { Component, type ReactNode } from "react";
import { ErrorNotice } from "@/ui/notices";
import { Page } from "@/ui/page";

/** The place of a page that failed; the navigation stays. */
export function PageError({ error }: { error: unknown }) {
  return (
    <Page title="This page cannot be shown">
      <ErrorNotice error={error} onRetry={() => window.location.reload()} />
    </Page>
  );
}

/** Shows the error of whatever fails around the pages, in place of an empty window. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <main className="key-form">
        <PageError error={this.state.error} />
      </main>
    );
  }
}
