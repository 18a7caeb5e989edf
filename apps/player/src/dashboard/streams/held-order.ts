/**
 * The order of cards while a pointer is over them: what was there stays where it was, also what is gone meanwhile; what is
 * new comes last. So nothing jumps under the cursor.
 */
export function heldOrder(held: readonly string[], now: readonly string[]): readonly string[] {
  const known = new Set(held);
  return [...held, ...now.filter((id) => !known.has(id))];
}

/** `order` with `id` in the place of number `at` among the others. */
export function withMoved(order: readonly string[], id: string, at: number): readonly string[] {
  const others = order.filter((each) => each !== id);
  const place = Math.max(0, Math.min(others.length, at));
  return [...others.slice(0, place), id, ...others.slice(place)];
}

/** All from `from` to `to` in `order`, whichever comes first; `to` alone where the other one is not there. */
export function rangeIn(
  order: readonly string[],
  from: string | undefined,
  to: string,
): readonly string[] {
  const [a, b] = [from === undefined ? -1 : order.indexOf(from), order.indexOf(to)];
  return a < 0 || b < 0 ? [to] : order.slice(Math.min(a, b), Math.max(a, b) + 1);
}

/** Puts what is movable in `order` into the places that movable ones have in `all`. */
export function placeMoved(all: readonly string[], order: readonly string[]): readonly string[] {
  const moved = new Set(order);
  const queue = [...order];
  return all.map((id) => (moved.has(id) ? (queue.shift() ?? id) : id));
}
