import { isActive, PRIORITIES, type QueueMove, type StreamStatus } from "@upreel/core";

/** What is told of a stream that may wait for its turn. */
export type Waiting = Pick<StreamStatus, "id" | "state" | "priority" | "wanted_at">;

const rankOf = ({ priority }: Waiting): number => PRIORITIES.indexOf(priority);

/** Streams that wait, work or are paused, in the order in which they are made as long as nobody watches. */
export function inOrder(streams: readonly Waiting[], byHand: readonly string[]): readonly string[] {
  const turns = new Map(byHand.map((id, turn) => [id, turn]));
  const turnOf = ({ id }: Waiting): number => turns.get(id) ?? byHand.length;
  return streams
    .filter(({ state }) => isActive(state))
    .toSorted(
      (a, b) =>
        turnOf(a) - turnOf(b) ||
        // Of those in order by hand no two have the same turn.
        rankOf(a) - rankOf(b) ||
        (a.wanted_at ?? 0) - (b.wanted_at ?? 0) ||
        (a.id < b.id ? -1 : 1),
    )
    .map(({ id }) => id);
}

/**
 * The order by hand after a move: as short as it can be, so that films that come later find their place by themselves
 * behind it. `all`: as `inOrder` gives them.
 */
export function moveFilms(
  byHand: readonly string[],
  all: readonly string[],
  { ids, before }: QueueMove,
): readonly string[] {
  const waiting = new Set(all);
  const moved = new Set(ids.filter((id) => waiting.has(id)));
  const others = all.filter((id) => !moved.has(id));
  const found = before === undefined ? 0 : before === null ? -1 : placeOf(before, all, moved);
  const at = found < 0 ? others.length : found;
  const next = [...others.slice(0, at), ...moved, ...others.slice(at)];
  const fixed = new Set([...byHand, ...moved]);
  const order = next.slice(0, next.findLastIndex((id) => fixed.has(id)) + 1);
  return withAbsent(order, byHand, moved);
}

/**
 * The order with those of `byHand` that do not wait now, each beside the one that it stood beside: one that failed may go on, and
 * another gateway may not have told of its films in time.
 */
function withAbsent(
  order: readonly string[],
  byHand: readonly string[],
  moved: ReadonlySet<string>,
): readonly string[] {
  const known = new Set(order);
  const leading: string[] = [];
  const following = new Map<string, string[]>();
  // Those that are met now follow the last one that stays.
  let beside = leading;
  for (const id of byHand) {
    if (!known.has(id)) beside.push(id);
    else if (!moved.has(id)) {
      beside = [];
      following.set(id, beside);
    }
  }
  const [first] = following.keys();
  if (first === undefined) return [...order, ...leading];
  return order.flatMap((id) => [
    ...(id === first ? leading : []),
    id,
    ...(following.get(id) ?? []),
  ]);
}

/** How many of the others come before `before`, which may be one of those that are moved, or gone by now. */
function placeOf(before: string, all: readonly string[], moved: ReadonlySet<string>): number {
  const at = all.indexOf(before);
  return at < 0 ? 0 : all.slice(0, at).filter((id) => !moved.has(id)).length;
}
