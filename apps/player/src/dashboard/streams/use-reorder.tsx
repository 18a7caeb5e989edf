import { useSignal, type ReadonlySignal } from "@preact/signals";
import { useLayoutEffect, useMemo, type RefObject } from "preact/compat";
import { Icon } from "../../components/icon.tsx";
import { strings } from "../../strings.ts";
import { withMoved } from "./held-order.ts";

/** A film on its way to another place. */
interface Moving {
  readonly id: string;
  readonly by: "pointer" | "keys";
  /** All that can be moved, as they would be. */
  readonly order: readonly string[];
}

/** Moves cards by mouse, finger and keys. */
export interface Reorder {
  readonly moving: ReadonlySignal<Moving | undefined>;
  isMoving(id: string): boolean;
  /** Where a card is shown while one is on its way: its element stays, so that finger and focus stay on it. */
  styleOf(id: string): { readonly order: number } | undefined;
  onPointerDown(event: PointerEvent, id: string): void;
  onPointerMove(event: PointerEvent): void;
  onKeyDown(event: KeyboardEvent, id: string): void;
  /** To where it is now. */
  drop(): void;
  /** To where it was. */
  leave(): void;
}

interface ReorderParts {
  readonly list: RefObject<HTMLUListElement | null>;
  /** All cards as they are shown, and those of them that can be moved. */
  readonly shown: () => readonly string[];
  readonly movable: () => readonly string[];
  readonly arrange: (all: readonly string[], moved: readonly string[]) => readonly string[];
  /** `before`: the film that comes after it by now. */
  readonly onMoved: (id: string, before: string | null, order: readonly string[]) => void;
}

/** As near to an edge of the window the page moves along, so far for each picture. */
const EDGE_PX = 72;
const STEP_PX = 12;

export function useReorder(parts: ReorderParts): Reorder {
  const moving = useSignal<Moving | undefined>(undefined);
  return useMemo(() => createReorder(moving, parts), []);
}

function createReorder(
  moving: ReturnType<typeof useSignal<Moving | undefined>>,
  { list, shown, movable, arrange, onMoved }: ReorderParts,
): Reorder {
  let y = 0;
  const stop = (): Moving | undefined => {
    const last = moving.peek();
    moving.value = undefined;
    return last;
  };
  function follow(): void {
    const now = moving.peek();
    if (now?.by !== "pointer") return;
    const step = y < EDGE_PX ? -STEP_PX : y > innerHeight - EDGE_PX ? STEP_PX : 0;
    if (step !== 0) scrollBy(0, step);
    const others = new Set(now.order.filter((id) => id !== now.id));
    const cards = [...(list.current?.children ?? [])].filter(
      (card) => card instanceof HTMLElement && others.has(card.dataset["id"] ?? ""),
    );
    const above = cards.filter((card) => {
      const { top, height } = card.getBoundingClientRect();
      return top + height / 2 < y;
    });
    place(now, above.length);
    requestAnimationFrame(follow);
  }
  function place(now: Moving, at: number): void {
    const order = withMoved(now.order, now.id, at);
    if (order.join() !== now.order.join()) moving.value = { ...now, order };
  }
  const drop = (): void => {
    const last = stop();
    if (last === undefined || last.order.join() === movable().join()) return;
    onMoved(last.id, last.order[last.order.indexOf(last.id) + 1] ?? null, last.order);
  };
  return {
    moving,
    isMoving: (id) => moving.value?.id === id,
    styleOf(id) {
      const now = moving.value;
      return now === undefined ? undefined : { order: arrange(shown(), now.order).indexOf(id) };
    },
    onPointerDown(event, id) {
      if (event.button !== 0 || !(event.currentTarget instanceof HTMLElement)) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      y = event.clientY;
      moving.value = { id, by: "pointer", order: movable() };
      requestAnimationFrame(follow);
    },
    onPointerMove: (event) => void (y = event.clientY),
    onKeyDown(event, id) {
      const now = moving.peek();
      const { key } = event;
      const isPicked = now?.id === id && now.by === "keys";
      if (key === "Escape") stop();
      else if ((key === "Enter" || key === " ") && !isPicked)
        moving.value = { id, by: "keys", order: movable() };
      else if (key === "Enter" || key === " ") drop();
      else if (isPicked && key in KEYS) {
        place(now, KEYS[key]?.(now.order.indexOf(id), now.order.length) ?? 0);
        requestAnimationFrame(() =>
          list.current?.querySelector(`[data-id="${id}"]`)?.scrollIntoView({ block: "nearest" }),
        );
      } else return;
      event.preventDefault();
      event.stopPropagation();
    },
    ...{ drop, leave: () => void stop() },
  };
}

/** Where a film goes of its place among so many. */
const KEYS: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count,
};

interface GripProps {
  readonly film: string;
  readonly title: string;
  readonly reorder: Reorder;
}

/** What a card is taken by. */
export function Grip({ film: id, title, reorder }: GripProps) {
  const now = reorder.moving.value;
  const isPicked = now?.id === id && now.by === "keys";
  // A film that is finished meanwhile, or watched, has none any more and goes nowhere; before the button loses the focus.
  useLayoutEffect(
    () => () => {
      if (reorder.moving.peek()?.id === id) reorder.leave();
    },
    [id],
  );
  return (
    <button
      type="button"
      class="button bare grip"
      aria-label={strings.streams.move(title)}
      aria-pressed={isPicked}
      title={strings.streams.moveHint}
      data-takes-arrows={isPicked ? "" : undefined}
      onPointerDown={(event) => reorder.onPointerDown(event, id)}
      onPointerMove={(event) => reorder.onPointerMove(event)}
      onPointerUp={() => reorder.drop()}
      onPointerCancel={() => reorder.leave()}
      onKeyDown={(event) => reorder.onKeyDown(event, id)}
      onBlur={() => reorder.drop()}
    >
      <Icon name="grip" />
    </button>
  );
}
