import { call } from "../../api/gateway.ts";

/** A pointer that rests that long is no longer on its way to somewhere else. */
const RESTS_MS = 150;

/** Those that the gateway plans or has planned for this page; it forgets them after ten minutes. */
const expected = new Map<string, number>();
const KEPT_MS = 9 * 60_000;

/** The gateway plans a film that somebody points at, and it starts sooner when it is clicked on. */
export function expectingFilm(path: string) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const drop = (): void => clearTimeout(timer);
  const expectIt = (): void => {
    drop();
    if (performance.now() - (expected.get(path) ?? -KEPT_MS) < KEPT_MS) return;
    expected.set(path, performance.now());
    // Who clicks is told what is wrong with it.
    const query = new URLSearchParams({ path }).toString();
    call(`films/expect?${query}`, { method: "POST" }).catch(() => expected.delete(path));
  };
  const rest = (): void => {
    drop();
    timer = setTimeout(expectIt, RESTS_MS);
  };
  return {
    ...{ onPointerEnter: rest, onPointerLeave: drop, onFocus: rest, onBlur: drop },
    onPointerDown: expectIt,
  };
}
