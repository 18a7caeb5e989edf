import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { Icon } from "../components/icon.tsx";
import { Problem } from "../components/problem.tsx";
import { RangeBar } from "../components/range-bar.tsx";
import { clock } from "../format.ts";
import { strings } from "../strings.ts";
import type { Pair } from "./pair.ts";
import { savePair } from "./save-pair.ts";
import type { View } from "../components/split-view.ts";

interface CompareControlsProps {
  readonly pair: Pair;
  readonly view: View;
  readonly status: ReadonlySignal<StreamStatus>;
}

/** Position, zoom, and what can be done with the pair. */
export function CompareControls({ pair, view, status }: CompareControlsProps) {
  const problem = useSignal<unknown>(undefined);
  const names = strings.compare;
  const { original, upscaled } = pair.pictures;
  const save = (): void => {
    pair.pause();
    const name = `${status.peek().title} ${clock(pair.position.peek()).replaceAll(":", "-")}`;
    savePair(original.video, upscaled.video, name).catch(
      (thrown: unknown) => (problem.value = thrown),
    );
  };
  return (
    <section class="card below">
      <Seek pair={pair} status={status} />
      <div class="compare-tools">
        <ZoomButtons view={view} />
        <button type="button" class="button" disabled={!pair.isReady.value} onClick={save}>
          <Icon name="camera" />
          {names.save}
        </button>
      </div>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      <p class="quiet small">{names.hint}</p>
    </section>
  );
}

/** Plays and pauses both films, and moves them to another position. */
function Seek({ pair, status }: Omit<CompareControlsProps, "view">) {
  const { duration_seconds: total, ready_ranges: ready, making_ranges: making } = status.value;
  return (
    <div class="compare-seek">
      <button
        type="button"
        class="button bare"
        aria-label={pair.isPlaying.value ? strings.watch.pause : strings.watch.play}
        onClick={pair.toggle}
      >
        <Icon name={pair.isPlaying.value ? "pause" : "play"} />
      </button>
      <div class="compare-range">
        <RangeBar ready={ready} making={making} durationSeconds={total} />
        <input
          type="range"
          min="0"
          max={total ?? 0}
          step="any"
          value={pair.position.value}
          aria-label={strings.watch.seek}
          aria-valuetext={clock(pair.position.value)}
          onInput={(event) => pair.seek(Number(event.currentTarget.value))}
        />
      </div>
      <span class="figures-text small">
        {clock(pair.position.value)} / {clock(total ?? 0)}
      </span>
    </div>
  );
}

/** The zoom of both pictures, and the other picture for as long as its button is held. */
function ZoomButtons({ view }: Pick<CompareControlsProps, "view">) {
  const names = strings.compare;
  return (
    <>
      <button
        type="button"
        class="button"
        aria-label={names.zoomOut}
        onClick={() => view.zoomBy(0.8)}
      >
        −
      </button>
      <span class="figures-text zoom">{Math.round(view.zoom.value * 100)} %</span>
      <button
        type="button"
        class="button"
        aria-label={names.zoomIn}
        onClick={() => view.zoomBy(1.25)}
      >
        +
      </button>
      <button type="button" class="button" onClick={view.reset}>
        {names.reset}
      </button>
      <button
        type="button"
        class="button"
        aria-pressed={view.isFlipped.value}
        onPointerDown={() => view.flip(true)}
        onPointerUp={() => view.flip(false)}
        onPointerLeave={() => view.flip(false)}
        onKeyDown={({ key }) => (key === " " || key === "Enter") && view.flip(true)}
        onKeyUp={() => view.flip(false)}
        onBlur={() => view.flip(false)}
      >
        {names.flip}
      </button>
    </>
  );
}
