import { Button } from "./button";

type Pages = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

/** The button for the next page of a list; nothing on the last page. */
export function LoadMore({ pages, text = "Load more" }: { pages: Pages; text?: string }) {
  if (!pages.hasNextPage) return null;
  return (
    <div>
      <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
        {text}
      </Button>
    </div>
  );
}
