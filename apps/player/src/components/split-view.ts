import { batch, signal, type ReadonlySignal } from "@preact/signals";

/** How both pictures are looked at: the same zoom and place for both. */
export interface View {
  /** Share of the width that shows the original. */
  readonly split: ReadonlySignal<number>;
  readonly zoom: ReadonlySignal<number>;
  /** Of the picture's middle, in widths and heights of the stage. */
  readonly pan: ReadonlySignal<readonly [number, number]>;
  /** The whole stage shows the other picture while a key is held. */
  readonly isFlipped: ReadonlySignal<boolean>;
  readonly setSplit: (share: number) => void;
  /** `at`: the point that stays where it is, in shares of the stage. */
  readonly zoomBy: (factor: number, at?: readonly [number, number]) => void;
  readonly panBy: (x: number, y: number) => void;
  readonly flip: (isFlipped: boolean) => void;
  readonly reset: () => void;
}

const MOST_ZOOM = 16;

export function createView(): View {
  const split = signal(0.5);
  const zoom = signal(1);
  const pan = signal<readonly [number, number]>([0, 0]);
  const isFlipped = signal(false);
  const keepInside = ([x, y]: readonly [number, number], scale: number): [number, number] => {
    const most = (scale - 1) / 2;
    return [Math.max(-most, Math.min(most, x)), Math.max(-most, Math.min(most, y))];
  };
  return {
    ...{ split, zoom, pan, isFlipped },
    setSplit: (share) => (split.value = Math.max(0, Math.min(1, share))),
    zoomBy(factor, [atX, atY] = [0.5, 0.5]) {
      const from = zoom.peek();
      const to = Math.max(1, Math.min(MOST_ZOOM, from * factor));
      const [x, y] = pan.peek();
      // The point under the pointer is at (at − 0.5 − pan) / zoom of the picture, before and after.
      const grow = to / from;
      const moved = [
        atX - 0.5 - (atX - 0.5 - x) * grow,
        atY - 0.5 - (atY - 0.5 - y) * grow,
      ] as const;
      batch(() => {
        zoom.value = to;
        pan.value = keepInside(moved, to);
      });
    },
    panBy(x, y) {
      const [oldX, oldY] = pan.peek();
      pan.value = keepInside([oldX + x, oldY + y], zoom.peek());
    },
    flip: (next) => (isFlipped.value = next),
    reset() {
      batch(() => {
        zoom.value = 1;
        pan.value = [0, 0];
        split.value = 0.5;
      });
    },
  };
}
