import type { Pair } from "./pair.ts";
import type { View } from "../components/split-view.ts";

/** Keys of the compare page; X and Space flip and play, the rest as on the watch page. */
export function compareKeys(pair: Pair, view: View, frameSeconds: () => number) {
  const by = (seconds: number) => (): void => pair.seek(pair.position.value + seconds);
  const keys: Readonly<Record<string, () => void>> = {
    " ": pair.toggle,
    k: pair.toggle,
    j: by(-10),
    l: by(10),
    ArrowLeft: by(-5),
    ArrowRight: by(5),
    ",": () => by(-frameSeconds())(),
    ".": () => by(frameSeconds())(),
    "+": () => view.zoomBy(1.25),
    "=": () => view.zoomBy(1.25),
    "-": () => view.zoomBy(0.8),
    "0": view.reset,
    x: () => view.flip(true),
  };
  return {
    onDown: (event: KeyboardEvent): void => {
      const { target, key } = event;
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const isControl =
        target instanceof HTMLElement && target.closest("input, select, button, a") !== null;
      if (isControl && (key === " " || key === "Enter" || key.startsWith("Arrow"))) return;
      const act = keys[key.length === 1 ? key.toLowerCase() : key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    },
    onUp: (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() === "x") view.flip(false);
    },
  };
}
