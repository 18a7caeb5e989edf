import { useSignal, type ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { strings } from "../strings.ts";
import { frameSeconds, ratioOf } from "../stream/stream-shape.ts";
import { createPictures } from "../playback/pictures.ts";
import { preferences } from "../playback/preferences.ts";
import { CompareControls } from "./compare-controls.tsx";
import { compareKeys } from "./compare-keys.ts";
import { Divider } from "../components/divider.tsx";
import { createPair, type Pair } from "./pair.ts";
import { Stills } from "./stills.tsx";
import { createView, type View } from "../components/split-view.ts";

interface CompareStageProps {
  readonly id: string;
  readonly status: ReadonlySignal<StreamStatus>;
}

/** Both pictures under one slider, in step, with the same zoom. */
export function CompareStage({ id, status }: CompareStageProps) {
  const original = useRef<HTMLVideoElement>(null);
  const upscaled = useRef<HTMLVideoElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const pair = useSignal<Pair | undefined>(undefined);
  const view = useMemo(createView, []);
  useEffect(() => {
    if (original.current === null || upscaled.current === null) return;
    const closing = new AbortController();
    const { signal } = closing;
    const created = createPair(
      createPictures(id, { original: original.current, upscaled: upscaled.current }),
      Number(new URLSearchParams(location.search).get("t")) ||
        preferences.placeOf(status.peek()).seconds,
      () => frameSeconds(status.peek()),
      signal,
    );
    pair.value = created;
    const keys = compareKeys(created, view, () => frameSeconds(status.peek()));
    addEventListener("keydown", keys.onDown, { signal });
    addEventListener("keyup", keys.onUp, { signal });
    // A key that is let go in another window is told to that one.
    addEventListener("blur", () => view.flip(false), { signal });
    return () => closing.abort();
  }, [id]);
  return (
    <>
      <div
        ref={stage}
        class="stage compare-stage"
        data-ready={pair.value?.isReady.value === true}
        style={{ "--ratio": ratioOf(status.value) }}
        onWheel={(event) => {
          event.preventDefault();
          view.zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2, shareOf(event));
        }}
      >
        <Pictures view={view} status={status} original={original} upscaled={upscaled} />
        <Divider view={view} stage={stage} />
        {pair.value !== undefined && !pair.value.isReady.value && (
          <div class="stage-wait" role="status">
            <span class="spinner" />
            <p>{waitText(pair.value)}</p>
          </div>
        )}
      </div>
      {pair.value !== undefined && (
        <>
          <CompareControls pair={pair.value} view={view} status={status} />
          <StillsSection id={id} pair={pair.value} status={status} />
        </>
      )}
    </>
  );
}

interface StillsSectionProps {
  readonly id: string;
  readonly pair: Pair;
  readonly status: ReadonlySignal<StreamStatus>;
}

/** The frame that is looked at by every model; made when it is asked for. */
function StillsSection({ id, pair, status }: StillsSectionProps) {
  const frame = useSignal<number | undefined>(undefined);
  const choose = (): void => {
    pair.pause();
    frame.value = Math.floor(pair.position.peek() / frameSeconds(status.peek()));
  };
  return (
    <section class="card below">
      <div class="view-head">
        <div>
          <h2>{strings.compare.stills}</h2>
          <p class="quiet small">{strings.compare.stillsText}</p>
        </div>
        <button type="button" class="button" onClick={choose}>
          {strings.compare.stillsMake}
        </button>
      </div>
      {frame.value !== undefined && <Stills id={id} frame={frame.value} />}
    </section>
  );
}

interface PicturesProps {
  readonly view: View;
  readonly status: ReadonlySignal<StreamStatus>;
  readonly original: { current: HTMLVideoElement | null };
  readonly upscaled: { current: HTMLVideoElement | null };
}

/** The original below, the upscaled picture above it, cut off at the slider. */
function Pictures({ view, status, original, upscaled }: PicturesProps) {
  const { hdr } = status.value;
  const [x, y] = view.pan.value;
  const zoom = view.zoom.value;
  const style = { transform: `translate(${x * 100}%, ${y * 100}%) scale(${zoom})` };
  // The cut is made in the picture's own space, which the zoom has stretched.
  const split = view.isFlipped.value ? 1 : view.split.value;
  const cut = ((split - 0.5 - x) / zoom + 0.5) * 100;
  return (
    <div class={zoom > 2 ? "compare-pictures pixels" : "compare-pictures"}>
      <video
        ref={original}
        data-picture="original"
        playsInline
        muted
        style={style}
        aria-label={strings.watch.original}
      />
      <video
        ref={upscaled}
        data-picture="upscaled"
        playsInline
        style={{ ...style, clipPath: `inset(0 0 0 ${Math.max(0, Math.min(100, cut))}%)` }}
        aria-label={strings.watch.upscaled}
      />
      <p class="stage-badge original">
        {strings.watch.original}
        {hdr !== null && <span>{hdr}</span>}
      </p>
      {!view.isFlipped.value && (
        <p class="stage-badge upscaled compare-right">
          {strings.watch.upscaled}
          {hdr !== null && <span>{strings.watch.sdrOf(hdr)}</span>}
        </p>
      )}
    </div>
  );
}

function shareOf(event: WheelEvent): readonly [number, number] {
  const { left, top, width, height } = (event.currentTarget as Element).getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / height];
}

function waitText({ pictures }: Pair): string {
  const { problem } = pictures.original;
  return problem.value === undefined ? strings.watch.beingMade : strings.compare.noOriginal;
}
