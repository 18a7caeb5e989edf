import { useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { useRef } from "preact/hooks";
import { LookFilter } from "../../look/look-filter.tsx";
import { strings } from "../../strings.ts";
import { ratioOf } from "../../stream/stream-shape.ts";
import { CastScreen } from "./cast-screen.tsx";
import { Controls } from "../controls/controls.tsx";
import { KeyHelp } from "./key-help.tsx";
import type { Player } from "../player/player-controls.ts";
import { toggleFullscreen, togglePip } from "../player/screen-modes.ts";
import { StageNotes } from "./stage-notes.tsx";
import { SubtitleLayer } from "../subtitles/subtitle-layer.tsx";
import { useIdle, useIdleBlur } from "./use-idle.ts";
import { usePlayer } from "../player/use-player.ts";
import { useTaps } from "./use-taps.ts";

interface StageProps {
  readonly id: string;
  readonly status: ReadonlySignal<StreamStatus>;
  /** Where the page finds the player, once there is one. */
  readonly player: Signal<Player | undefined>;
}

/** Both films on top of each other, the shown one in front, and the controls. */
export function Stage({ id, status, player }: StageProps) {
  const stage = useRef<HTMLDivElement>(null);
  const original = useRef<HTMLVideoElement>(null);
  const upscaled = useRef<HTMLVideoElement>(null);
  const isHelpOpen = useSignal(false);
  const idle = useIdle();
  const { isIdle, wake } = idle;
  const toggleHelp = (): boolean => (isHelpOpen.value = !isHelpOpen.value);
  const cast = usePlayer(
    { stage, original, upscaled },
    { id, status, player, onKey: wake, onHelp: toggleHelp },
  );
  const { onClick, onDblClick } = useTaps(stage, player, idle);
  useIdleBlur(idle, player);
  const { value } = player;
  const showing = value?.showing.value ?? "original";
  const isPlaying = value?.wantsToPlay.value ?? true;
  return (
    <div
      ref={stage}
      class="stage"
      data-showing={showing}
      data-idle={isIdle.value && isPlaying}
      style={{ "--ratio": ratioOf(status.value) }}
      onPointerMove={({ pointerType }) => pointerType !== "touch" && wake()}
      onPointerDown={({ pointerType }) => pointerType !== "touch" && wake()}
      onFocusCapture={wake}
    >
      <video
        ref={original}
        data-picture="original"
        playsInline
        aria-label={strings.watch.original}
        onClick={onClick}
        onDblClick={onDblClick}
      />
      <video
        ref={upscaled}
        data-picture="upscaled"
        playsInline
        aria-label={strings.watch.upscaled}
        onClick={onClick}
        onDblClick={onDblClick}
      />
      {value !== undefined && (
        <>
          <SubtitleLayer id={id} player={value} />
          <LookFilter viewer={value.look} stage={stage} />
          <StageNotes player={value} status={status} />
          <Controls
            id={id}
            player={value}
            status={status}
            cast={cast.value}
            onFullscreen={() => toggleFullscreen(stage.current, value?.active().video)}
            onPip={() => togglePip(value.active().video)}
            onHelp={() => (isHelpOpen.value = true)}
          />
          {cast.value !== undefined && <CastScreen cast={cast.value} />}
        </>
      )}
      {isHelpOpen.value && <KeyHelp onClose={() => (isHelpOpen.value = false)} />}
    </div>
  );
}
