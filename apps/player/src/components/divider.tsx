import { useSignal } from "@preact/signals";
import { strings } from "../strings.ts";
import type { View } from "./split-view.ts";

interface DividerProps {
  readonly view: View;
  readonly stage: { current: HTMLDivElement | null };
}

/** The slider between the pictures; a drag beside it moves the zoomed pictures. */
export function Divider({ view, stage }: DividerProps) {
  const grip = useSignal<"split" | "pan" | undefined>(undefined);
  const move = (event: PointerEvent): void => {
    const box = stage.current?.getBoundingClientRect();
    if (box === undefined) return;
    if (grip.value === "split") view.setSplit((event.clientX - box.left) / box.width);
    else if (grip.value === "pan")
      view.panBy(event.movementX / box.width, event.movementY / box.height);
  };
  const split = Math.round(view.split.value * 100);
  return (
    <div
      class="compare-surface"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        const isOnHandle = event.target instanceof Element && event.target.closest(".divider");
        grip.value = isOnHandle || view.zoom.value === 1 ? "split" : "pan";
        move(event);
      }}
      onPointerMove={move}
      onPointerUp={() => (grip.value = undefined)}
      onPointerCancel={() => (grip.value = undefined)}
    >
      <div
        class="divider"
        role="slider"
        tabIndex={0}
        aria-label={strings.compare.divider}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={split}
        aria-valuetext={strings.compare.dividerAt(split)}
        style={{ left: `${view.split.value * 100}%` }}
        onKeyDown={(event) => {
          const step = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 }[event.key];
          if (step === undefined) return;
          event.preventDefault();
          event.stopPropagation();
          view.setSplit(view.split.value + step);
        }}
      />
    </div>
  );
}
