import { useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Problem } from "../../components/problem.tsx";
import { strings } from "../../strings.ts";
import { moveBefore } from "../../stream/actions.ts";
import { ChosenBar, type ChosenFilm } from "./chosen-bar.tsx";
import { movableIn } from "./film-groups.ts";
import { heldOrder, placeMoved, rangeIn } from "./held-order.ts";
import { StreamCard } from "./stream-card.tsx";
import type { StreamEntry, StreamStore } from "./stream-store.ts";
import { useReorder } from "./use-reorder.tsx";

interface StreamListProps {
  readonly store: StreamStore;
  /** Those that the filter lets through. */
  readonly films: ReadonlySignal<readonly string[]>;
  readonly isChoosing: boolean;
  readonly onChosen: () => void;
}

/** The cards. Their order stands still while a pointer is over them, but for what is moved by hand. */
export function StreamList({ store, films, isChoosing, onChosen }: StreamListProps) {
  const list = useRef<HTMLUListElement>(null);
  const problem = useSignal<unknown>(undefined);
  const isInside = useRef(false);
  const focusAfter = useRef<string | undefined>(undefined);
  const versionsOf = useVersions(store);
  const { shown, held, removed } = useShown(store, films);
  const { chosen, choose, leaveOut } = useChosen(() => shown.peek());
  const movableOf = (film: string): readonly string[] => movableIn(store, film);
  const movable = (): readonly string[] =>
    shown.peek().filter((film) => movableOf(film).length > 0);
  const move = async (moved: readonly string[], before?: string | null): Promise<void> => {
    try {
      store.putInOrder(await moveBefore(moved, before));
    } finally {
      // What somebody has moved is to be seen where it is now.
      held.value = isInside.current ? films.peek() : undefined;
      requestAnimationFrame(() => (focusAfter.current = undefined));
    }
  };
  const tryTo = (work: Promise<void>): void => {
    problem.value = undefined;
    work.catch((thrown: unknown) => (problem.value = thrown));
  };
  const reorder = useReorder({
    ...{ list, shown: () => shown.peek(), movable, arrange: placeMoved },
    onMoved(film, before, order) {
      focusAfter.current = film;
      held.value = placeMoved(shown.peek(), order);
      const next = before === null ? undefined : movableOf(before)[0];
      tryTo(move(movableOf(film), next ?? null));
    },
  });
  // Its element was moved, which takes the focus away.
  useLayoutEffect(() => {
    const film = focusAfter.current;
    if (film === undefined || document.activeElement !== document.body) return;
    list.current?.querySelector<HTMLElement>(`[data-id="${film}"] .grip`)?.focus();
  });
  const forget = (gone: readonly string[]): void => {
    removed.value = new Set([...removed.peek(), ...gone]);
    leaveOut(gone);
  };
  return (
    <>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      <ul
        ref={list}
        class={reorder.moving.value === undefined ? "streams" : "streams reordering"}
        onPointerEnter={(event) => {
          isInside.current = event.pointerType !== "touch";
          if (isInside.current) held.value = films.peek();
        }}
        onPointerLeave={() => {
          isInside.current = false;
          held.value = undefined;
        }}
      >
        {shown.value.map((film) => (
          <StreamCard
            key={film}
            {...{ film, reorder }}
            versions={versionsOf(film)}
            isGone={store.versions(film).length === 0}
            isChosen={isChoosing ? chosen.value.has(film) : undefined}
            onChoose={choose}
            onFront={(id) => tryTo(move([id]))}
            onRemoved={(each) => forget([each])}
          />
        ))}
      </ul>
      <p class="unseen" role="status">
        {placeText(reorder.moving.value, (film) => versionsOf(film)[0]?.status.peek().title)}
      </p>
      {isChoosing && (
        <ChosenBar
          films={chosenFilms(store, chosen.value)}
          onAll={() => (chosen.value = new Set(films.peek()))}
          onFront={() =>
            move(
              shown
                .peek()
                .filter((film) => chosen.peek().has(film))
                .flatMap(movableOf),
            )
          }
          onRemoved={() => forget([...chosen.peek()])}
          onDone={() => {
            chosen.value = new Set();
            onChosen();
          }}
        />
      )}
    </>
  );
}

const chosenFilms = (store: StreamStore, chosen: ReadonlySet<string>): readonly ChosenFilm[] =>
  [...chosen].flatMap((film) => {
    const versions = store.versions(film).map(({ status }) => status.value);
    const [first] = versions;
    return first === undefined ? [] : [{ title: first.title, versions }];
  });

/** The cards in the order in which they are shown. */
function useShown(store: StreamStore, films: StreamListProps["films"]) {
  /** The order that stands still; undefined: it follows. */
  const held = useSignal<readonly string[] | undefined>(undefined);
  const removed = useSignal<ReadonlySet<string>>(new Set());
  const shown = useComputed(() =>
    (held.value === undefined ? films.value : heldOrder(held.value, films.value)).filter(
      // What the viewer deletes here goes at once; it may be made again later.
      (film) => !removed.value.has(film) || store.versions(film).length > 0,
    ),
  );
  return { shown, held, removed };
}

/** Which films are chosen. */
function useChosen(shown: () => readonly string[]) {
  const chosen = useSignal<ReadonlySet<string>>(new Set());
  const last = useRef<string | undefined>(undefined);
  /** Or not any more; `isRange`: with all from the one before. */
  const choose = (id: string, isRange: boolean): void => {
    const next = new Set(chosen.peek());
    const isTaken = next.has(id);
    for (const each of isRange ? rangeIn(shown(), last.current, id) : [id])
      if (isTaken) next.delete(each);
      else next.add(each);
    last.current = id;
    chosen.value = next;
  };
  const leaveOut = (gone: readonly string[]): void => {
    chosen.value = new Set([...chosen.peek()].filter((id) => !gone.includes(id)));
  };
  return { chosen, choose, leaveOut };
}

/** Versions of films, also of one that is gone but still shown. */
function useVersions(store: StreamStore): (film: string) => readonly StreamEntry[] {
  return useMemo(() => {
    const seen = new Map<string, readonly StreamEntry[]>();
    return (film) => {
      const now = store.versions(film);
      if (now.length > 0) seen.set(film, now);
      return seen.get(film) ?? [];
    };
  }, []);
}

function placeText(
  moving: ReturnType<typeof useReorder>["moving"]["value"],
  titleOf: (film: string) => string | undefined,
): string {
  if (moving === undefined) return "";
  const { id, order } = moving;
  return strings.streams.moved(titleOf(id) ?? "", order.indexOf(id) + 1, order.length);
}
