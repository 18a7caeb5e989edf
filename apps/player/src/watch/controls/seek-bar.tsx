import { useComputed, useSignal, type ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { useEffect, useRef } from "preact/hooks";
import { RangeBar } from "../../components/range-bar.tsx";
import { clock } from "../../format.ts";
import { strings } from "../../strings.ts";
import type { Player } from "../player/player-controls.ts";
import { secondsAhead } from "../../playback/ranges.ts";
import { loadThumbnails, type Thumbnails } from "./thumbnails.ts";
import { useSheet } from "./use-sheet.ts";

const STEP_SECONDS = 5;
/** How far each key moves the film. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowRight: STEP_SECONDS,
  ArrowUp: STEP_SECONDS,
  ArrowLeft: -STEP_SECONDS,
  ArrowDown: -STEP_SECONDS,
  PageUp: 60,
  PageDown: -60,
};

interface SeekBarProps {
  readonly id: string;
  readonly player: Player;
  readonly status: ReadonlySignal<StreamStatus>;
}

/** Where the film is, and what of it is ready (solid), being made (striped) and not yet there. */
export function SeekBar({ id, player, status }: SeekBarProps) {
  const bar = useRef<HTMLDivElement>(null);
  const pointed = useSignal<number | undefined>(undefined);
  const isDragging = useSignal(false);
  const thumbnails = useThumbnails(id);
  const total = player.duration.value;
  const share = useComputed(() => {
    const at =
      isDragging.value && pointed.value !== undefined ? pointed.value : player.position.value;
    return player.duration.value > 0 ? Math.min(1, at / player.duration.value) : 0;
  });
  const secondsAt = (event: PointerEvent): number => {
    const { left, width } = bar.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return Math.max(0, Math.min(1, (event.clientX - left) / width)) * total;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    player.seek(player.position.value + step);
  };
  const { ready_ranges: ready, making_ranges: making } = status.value;
  return (
    <div
      ref={bar}
      class="seek"
      role="slider"
      tabIndex={0}
      aria-label={strings.watch.seek}
      aria-valuemin={0}
      aria-valuemax={Math.round(total)}
      aria-valuenow={Math.round(player.position.value)}
      aria-valuetext={strings.watch.seekAt(
        clock(player.position.value),
        clock(total),
        clock(secondsAhead(ready, player.position.value)),
      )}
      onKeyDown={onKeyDown}
      onPointerMove={(event) => (pointed.value = secondsAt(event))}
      onPointerLeave={() => !isDragging.value && (pointed.value = undefined)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        isDragging.value = true;
        pointed.value = secondsAt(event);
      }}
      onPointerUp={(event) => {
        if (isDragging.value) player.seek(secondsAt(event));
        isDragging.value = false;
        pointed.value = undefined;
      }}
      onPointerCancel={() => {
        isDragging.value = false;
        pointed.value = undefined;
      }}
    >
      <div class="seek-track">
        <RangeBar ready={ready} making={making} durationSeconds={total} />
        <div class="seek-played" style={{ transform: `scaleX(${share.value})` }} />
      </div>
      <div class="seek-knob" style={{ left: `${share.value * 100}%` }} />
      {pointed.value !== undefined && total > 0 && (
        <Preview
          seconds={pointed.value}
          share={pointed.value / total}
          thumbnails={thumbnails.value}
          isReady={secondsAhead(ready, pointed.value) > 0}
        />
      )}
    </div>
  );
}

/** The small pictures of a film, once they are loaded. */
function useThumbnails(id: string): ReadonlySignal<Thumbnails> {
  const thumbnails = useSignal<Thumbnails>(() => undefined);
  useEffect(() => {
    const closing = new AbortController();
    void loadThumbnails(id, closing.signal).then((loaded) => (thumbnails.value = loaded));
    return () => closing.abort();
  }, [id]);
  return thumbnails;
}

interface PreviewProps {
  readonly seconds: number;
  readonly share: number;
  readonly thumbnails: Thumbnails;
  readonly isReady: boolean;
}

function Preview({ seconds, share, thumbnails, isReady }: PreviewProps) {
  const picture = thumbnails(seconds);
  const isThere = useSheet(picture?.url).value;
  return (
    <div class="seek-preview" style={{ left: `clamp(84px, ${share * 100}%, calc(100% - 84px))` }}>
      {picture !== undefined && isThere && (
        <div
          class="seek-thumbnail"
          style={{
            width: `${picture.width}px`,
            height: `${picture.height}px`,
            backgroundImage: `url("${picture.url}")`,
            backgroundPosition: `-${picture.x}px -${picture.y}px`,
          }}
        />
      )}
      <span class="figures-text">{clock(seconds)}</span>
      {!isReady && <span class="quiet">{strings.watch.notYet}</span>}
    </div>
  );
}
