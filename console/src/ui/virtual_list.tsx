import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";

/** Items before the first one at which earlier ones are asked for, so that they are there in time. */
const AHEAD = 20;

type Props<T> = {
  label: string;
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Height of an item before it is measured, in pixels. */
  estimate: number;
  children: (item: T, index: number) => ReactNode;
  /** Height of the region that scrolls, as a CSS length. */
  height: string;
  /** Called with the virtualizer when it is there, to scroll to an item. */
  onReady?: (virtualizer: Virtualizer<HTMLDivElement, Element>) => void;
  /** Called when the last item is nearly visible. */
  onEnd?: () => void;
  /** Called when the first item is nearly visible. */
  onStart?: () => void;
  /** True for a log: what is read stays in place when earlier items are added, and the end stays
   * visible when items are added there while it is visible. */
  isLog?: boolean;
};

/** A list of any length of which only the visible items are in the page. */
export function VirtualList<T>(props: Props<T>) {
  const { label, items, keyOf, estimate, children, height, isLog = false } = props;
  const { onReady, onEnd, onStart } = props;
  const frame = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => frame.current,
    estimateSize: () => estimate,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
    overscan: 6,
    ...(isLog && { anchorTo: "end", followOnAppend: true, scrollEndThreshold: 40 }),
  });
  useEffect(() => onReady?.(virtualizer), [virtualizer, onReady]);
  const visible = virtualizer.getVirtualItems();
  const first = visible.at(0)?.index ?? -1;
  const last = visible.at(-1)?.index ?? -1;
  // Items that are read may add to a visible one only: then those behind it are asked for too.
  useEffect(() => {
    if (items.length > 0 && first >= 0 && first < AHEAD) onStart?.();
  }, [first, items, onStart]);
  useEffect(() => {
    if (items.length > 0 && last >= items.length - 3) onEnd?.();
  }, [last, items, onEnd]);
  return (
    <div
      ref={frame}
      role="region"
      aria-label={label}
      tabIndex={0}
      style={{ height, overflow: "auto" }}
    >
      <ul style={{ height: virtualizer.getTotalSize(), position: "relative" }}>
        {visible.map((row) => (
          <li
            key={row.key}
            ref={virtualizer.measureElement}
            data-index={row.index}
            aria-setsize={items.length}
            aria-posinset={row.index + 1}
            style={{
              position: "absolute",
              insetInline: 0,
              transform: `translateY(${row.start}px)`,
            }}
          >
            {children(items[row.index] as T, row.index)}
          </li>
        ))}
      </ul>
    </div>
  );
}
