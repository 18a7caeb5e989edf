import { useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Problem } from "../components/problem.tsx";
import { strings } from "../strings.ts";
import { isMovable, moveBefore } from "./actions.ts";
import { ChosenBar } from "./chosen-bar.tsx";
import { heldOrder, placeMoved, rangeIn } from "./held-order.ts";
import { StreamCard } from "./stream-card.tsx";
import type { StreamEntry, StreamStore } from "./stream-store.ts";
import { useReorder } from "./use-reorder.tsx";

interface StreamListProps {
  readonly store: StreamStore;
  /** Those that the filter lets through. */
  readonly ids: ReadonlySignal<readonly string[]>;
  readonly isChoosing: boolean;
  readonly onChosen: () => void;
}

/** The cards. Their order stands still while a pointer is over them, but for what is moved by hand. */
export function StreamList({ store, ids, isChoosing, onChosen }: StreamListProps) {
  const list = useRef<HTMLUListElement>(null);
  const problem = useSignal<unknown>(undefined);
  const isInside = useRef(false);
  const focusAfter = useRef<string | undefined>(undefined);
  const entryOf = useEntries(store);
  const { shown, held, removed } = useShown(store, ids);
  const { chosen, choose, leaveOut } = useChosen(() => shown.peek());
  const statusOf = (id: string) => entryOf(id)?.status.peek();
  const movable = (): readonly string[] =>
    shown.peek().filter((id) => {
      const status = store.entry(id)?.status.peek();
      return status !== undefined && isMovable(status);
    });
  const move = async (moved: readonly string[], before?: string | null): Promise<void> => {
    try {
      store.putInOrder(await moveBefore(moved, before));
    } finally {
      // What somebody has moved is to be seen where it is now.
      held.value = isInside.current ? ids.peek() : undefined;
      requestAnimationFrame(() => (focusAfter.current = undefined));
    }
  };
  const tryTo = (work: Promise<void>): void => {
    problem.value = undefined;
    work.catch((thrown: unknown) => (problem.value = thrown));
  };
  const reorder = useReorder({
    ...{ list, shown: () => shown.peek(), movable, arrange: placeMoved },
    onMoved(id, before, order) {
      focusAfter.current = id;
      held.value = placeMoved(shown.peek(), order);
      tryTo(move([id], before));
    },
  });
  // Its element was moved, which takes the focus away.
  useLayoutEffect(() => {
    const id = focusAfter.current;
    if (id === undefined || document.activeElement !== document.body) return;
    list.current?.querySelector<HTMLElement>(`[data-id="${id}"] .grip`)?.focus();
  });
  const forget = (gone: readonly string[]): void => {
    removed.value = new Set([...removed.peek(), ...gone]);
    leaveOut(gone);
  };
  const front = (moved: readonly string[]): Promise<void> => move(moved);
  const films = [...chosen.value].flatMap((id) => store.entry(id)?.status.value ?? []);
  return (
    <>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      <ul
        ref={list}
        class={reorder.moving.value === undefined ? "streams" : "streams reordering"}
        onPointerEnter={(event) => {
          isInside.current = event.pointerType !== "touch";
          if (isInside.current) held.value = ids.peek();
        }}
        onPointerLeave={() => {
          isInside.current = false;
          held.value = undefined;
        }}
      >
        {shown.value.map((id) => {
          const entry = entryOf(id);
          return entry === undefined ? undefined : (
            <StreamCard
              key={id}
              {...{ entry, reorder }}
              isGone={store.entry(id) === undefined}
              isChosen={isChoosing ? chosen.value.has(id) : undefined}
              onChoose={choose}
              onFront={(each) => tryTo(front([each]))}
              onRemoved={(each) => forget([each])}
            />
          );
        })}
      </ul>
      <p class="unseen" role="status">
        {placeText(reorder.moving.value, statusOf)}
      </p>
      {isChoosing && (
        <ChosenBar
          films={films}
          onAll={() => (chosen.value = new Set(ids.peek()))}
          onFront={(moved) => front(shown.peek().filter((id) => moved.includes(id)))}
          onRemoved={forget}
          onDone={() => {
            chosen.value = new Set();
            onChosen();
          }}
        />
      )}
    </>
  );
}

/** The cards in the order in which they are shown. */
function useShown(store: StreamStore, ids: StreamListProps["ids"]) {
  /** The order that stands still; undefined: it follows. */
  const held = useSignal<readonly string[] | undefined>(undefined);
  const removed = useSignal<ReadonlySet<string>>(new Set());
  const shown = useComputed(() =>
    (held.value === undefined ? ids.value : heldOrder(held.value, ids.value)).filter(
      // What the viewer deletes here goes at once; it may be made again later, by the same id.
      (id) => !removed.value.has(id) || store.entry(id) !== undefined,
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

/** Entries by their ids, also of streams that are gone but still shown. */
function useEntries(store: StreamStore): (id: string) => StreamEntry | undefined {
  return useMemo(() => {
    const seen = new Map<string, StreamEntry>();
    return (id) => {
      const entry = store.entry(id) ?? seen.get(id);
      if (entry !== undefined) seen.set(id, entry);
      return entry;
    };
  }, []);
}

function placeText(
  moving: ReturnType<typeof useReorder>["moving"]["value"],
  statusOf: (id: string) => { readonly title: string } | undefined,
): string {
  if (moving === undefined) return "";
  const { id, order } = moving;
  return strings.streams.moved(statusOf(id)?.title ?? "", order.indexOf(id) + 1, order.length);
}
