import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { placesOf, type Sources } from "./alignment";

/** Links between the parts of a draft and the entries of its transcript. */
type Links = {
  /** True if a draft's place, or an entry of the transcript, belongs to what is pointed at. */
  isPlaceLit: (place: string) => boolean;
  isEntryLit: (entryId: string) => boolean;
  hasSource: (place: string) => boolean;
  hasPlace: (entryId: string) => boolean;
  pointAtPlace: (place: string | null) => void;
  pointAtEntry: (entryId: string | null) => void;
  /** Show the entry that a place comes from, or the place that comes from an entry. */
  showEntryOf: (place: string) => void;
  showPlaceOf: (entryId: string) => void;
};

const never = () => false;
const nothing = () => undefined;
const NO_LINKS: Links = {
  isPlaceLit: never,
  isEntryLit: never,
  hasSource: never,
  hasPlace: never,
  pointAtPlace: nothing,
  pointAtEntry: nothing,
  showEntryOf: nothing,
  showPlaceOf: nothing,
};

const LinksContext = createContext<Links>(NO_LINKS);
export const useLinks = () => useContext(LinksContext);

const NONE = { places: new Set<string>(), entries: new Set<string>() };

export function LinksProvider({ sources, children }: { sources: Sources; children: ReactNode }) {
  const [lit, setLit] = useState(NONE);
  const pointAtPlace = useCallback(
    (place: string | null) => {
      const entries = (place !== null && sources.get(place)) || [];
      const isLinked = place !== null && entries.length > 0;
      setLit(isLinked ? { places: new Set([place]), entries: new Set(entries) } : NONE);
    },
    [sources],
  );
  const pointAtEntry = useCallback(
    (id: string | null) => {
      const places = id === null ? [] : placesOf(sources, id);
      const isLinked = id !== null && places.length > 0;
      setLit(isLinked ? { places: new Set(places), entries: new Set([id]) } : NONE);
    },
    [sources],
  );
  const links = useMemo<Links>(() => {
    const linked = new Set([...sources.values()].flat());
    return {
      isPlaceLit: (place) => lit.places.has(place),
      isEntryLit: (id) => lit.entries.has(id),
      hasSource: (place) => (sources.get(place)?.length ?? 0) > 0,
      hasPlace: (id) => linked.has(id),
      pointAtPlace,
      pointAtEntry,
      showEntryOf: (place) => {
        const [first] = sources.get(place) ?? [];
        pointAtPlace(place);
        if (first) goTo(`[data-entry="${CSS.escape(first)}"]`);
      },
      showPlaceOf: (id) => {
        pointAtEntry(id);
        const places = placesOf(sources, id).toSorted(ownFirst);
        for (const place of places) if (goTo(`[data-place="${CSS.escape(place)}"]`)) return;
      },
    };
  }, [lit, sources, pointAtPlace, pointAtEntry]);
  return <LinksContext.Provider value={links}>{children}</LinksContext.Provider>;
}

/** Order of places: those made of one entry alone come before a summary of many. */
function ownFirst(one: string, other: string): number {
  return Number(!/^(turn|call) /.test(one)) - Number(!/^(turn|call) /.test(other));
}

/** Scroll to an element and focus it, or what can be focused in it; false if it is not there. */
function goTo(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector);
  if (element === null) return false;
  element.scrollIntoView({ block: "center" });
  const find = (inner: string) => element.querySelector<HTMLElement>(inner);
  const target = find("textarea") ?? find("button, [tabindex]") ?? element;
  target.focus({ preventScroll: true });
  return true;
}

type PartProps = { children: ReactNode; className?: string };

/** A part of the draft: lights up with the entries that it comes from. */
export function Place({ place, children, className = "" }: PartProps & { place: string }) {
  const { isPlaceLit, pointAtPlace } = useLinks();
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing only lights up the other side
    <div
      data-place={place}
      className={`link-part ${isPlaceLit(place) ? "lit" : ""} ${className}`}
      onPointerEnter={() => pointAtPlace(place)}
      onPointerLeave={() => pointAtPlace(null)}
      onFocus={() => pointAtPlace(place)}
    >
      {children}
    </div>
  );
}

/** The button of a part that shows where it comes from; nothing without a source. */
export function SourceButton({ place, name }: { place: string; name: string }) {
  const { hasSource, showEntryOf } = useLinks();
  if (!hasSource(place)) return null;
  return (
    <button
      type="button"
      className="button quiet compact source-button"
      aria-label={`Show the source of ${name} in the transcript`}
      onClick={() => showEntryOf(place)}
    >
      Source
    </button>
  );
}
