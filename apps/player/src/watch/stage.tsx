import { useSignal, useSignalEffect, type ReadonlySignal, type Signal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import type { RefObject } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { urlOf } from "../api/gateway.ts";
import { isLoopback } from "../components/is-loopback.ts";
import { LookFilter } from "../look/look-filter.tsx";
import { isTelevision } from "../components/television.ts";
import { strings } from "../strings.ts";
import { frameSeconds, ratioOf } from "./stream-shape.ts";
import { createCast, type Cast } from "./cast.ts";
import { CastScreen } from "./cast-screen.tsx";
import { Controls } from "./controls.tsx";
import { KeyHelp } from "./key-help.tsx";
import { keyHandler } from "./keys.ts";
import { joinMediaSession } from "./media-session.ts";
import { createPictures } from "./pictures.ts";
import { createPlayer } from "./player.ts";
import type { Player } from "./player-controls.ts";
import { reportPlayhead } from "./report-playhead.ts";
import { createTaps } from "./taps.ts";
import { toggleFullscreen, togglePip } from "./screen-modes.ts";
import { StageNotes } from "./stage-notes.tsx";
import { SubtitleLayer } from "./subtitle-layer.tsx";

/** Controls go after this long without a sign of life, while it plays. */
const IDLE_MS = 2_500;
/** How far a double tap at a side jumps. */
const TAP_SECONDS = 10;

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
  const cast = useSignal<Cast | undefined>(undefined);
  const { isIdle, wake } = useIdle();
  useEffect(() => {
    if (original.current === null || upscaled.current === null) return;
    const closing = new AbortController();
    const { signal } = closing;
    const created = createPlayer({
      ...{ id, status, signal },
      pictures: createPictures(id, { original: original.current, upscaled: upscaled.current }),
    });
    player.value = created;
    // Another screen asks for the film itself, by the address of this page.
    if (!isLoopback()) {
      const url = urlOf(`hls/${id}/master.m3u8`);
      const video = document.createElement("video");
      cast.value = createCast({ video, url, player: created, signal });
    }
    reportPlayhead(id, created, signal);
    joinMediaSession(created, () => status.peek().title, signal);
    const onKey = keyHandler(
      created,
      {
        toggleFullscreen: () => toggleFullscreen(stage.current, created.active().video),
        togglePip: () => togglePip(created.active().video),
        toggleSubtitles: () => toggleSubtitles(created),
        showHelp: () => (isHelpOpen.value = !isHelpOpen.value),
      },
      () => frameSeconds(status.peek()),
    );
    const onKeyDown = (event: KeyboardEvent): void => {
      wake();
      // The film is on another screen: its buttons are on the picture.
      if (cast.peek()?.isConnected.peek() !== true) onKey(event);
    };
    addEventListener("keydown", onKeyDown, { signal });
    return () => {
      closing.abort();
      player.value = undefined;
    };
  }, [id]);
  const { onClick, onDblClick } = useTaps(stage, player, { isIdle, wake });
  useSignalEffect(() => {
    // What has the focus stays to be seen: with a remote control something always has it.
    if (!isIdle.value || !isTelevision() || player.value?.wantsToPlay.value !== true) return;
    const { activeElement: active } = document;
    if (active instanceof HTMLElement && active.closest(".controls") !== null) active.blur();
  });
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

/** Clicks and taps on the picture: play, pause, jump, the whole screen. */
function useTaps(
  stage: RefObject<HTMLDivElement | null>,
  player: Signal<Player | undefined>,
  { isIdle, wake }: ReturnType<typeof useIdle>,
) {
  const tap = useMemo(
    () =>
      createTaps({
        onTap: () => (isIdle.peek() ? wake() : (isIdle.value = true)),
        onJump: (direction) => {
          wake();
          const playing = player.peek();
          playing?.seek(playing.position.peek() + direction * TAP_SECONDS);
        },
        onMiddle: () => player.peek()?.toggle(),
      }),
    [],
  );
  /** A finger has no place on the screen before it taps: it asks for the controls first. */
  const onClick = (event: MouseEvent): void => {
    const isTouch = "pointerType" in event && event.pointerType === "touch";
    if (!isTouch) return player.peek()?.toggle();
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    tap((event.clientX - left) / width, performance.now());
  };
  const onDblClick = (event: MouseEvent): void => {
    if ("pointerType" in event && event.pointerType === "touch") return;
    toggleFullscreen(stage.current, player.peek()?.active().video);
  };
  return { onClick, onDblClick };
}

function useIdle(): { readonly isIdle: Signal<boolean>; readonly wake: () => void } {
  const isIdle = useSignal(false);
  const timer = useRef(0);
  const wake = (): void => {
    isIdle.value = false;
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => (isIdle.value = true), IDLE_MS);
  };
  useEffect(() => {
    wake();
    return () => clearTimeout(timer.current);
  }, []);
  return { isIdle, wake };
}

function toggleSubtitles(player: Player): void {
  const { tracks, chosen } = player.subtitleTracks;
  const [first] = tracks.peek();
  player.chooseSubtitles(chosen.peek() === "" ? (first?.name ?? "") : "");
}
