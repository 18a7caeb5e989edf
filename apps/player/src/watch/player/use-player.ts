import { useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { urlOf } from "../../api/gateway.ts";
import { isLoopback } from "../../components/is-loopback.ts";
import { createCast, type Cast } from "./cast.ts";
import { resumeFromJellyfin } from "./jellyfin-place.ts";
import { keyHandler } from "./keys.ts";
import { joinMediaSession } from "./media-session.ts";
import { createPictures } from "../../playback/pictures.ts";
import { createPlayer } from "./player.ts";
import type { Player } from "./player-controls.ts";
import { reportPlayhead } from "./report-playhead.ts";
import { toggleFullscreen, togglePip } from "./screen-modes.ts";
import { frameSeconds } from "../../stream/stream-shape.ts";

export interface StageElements {
  readonly stage: RefObject<HTMLDivElement | null>;
  readonly original: RefObject<HTMLVideoElement | null>;
  readonly upscaled: RefObject<HTMLVideoElement | null>;
}

export interface PlayerUse {
  readonly id: string;
  readonly status: ReadonlySignal<StreamStatus>;
  /** Where the player is put, as long as the page shows this film. */
  readonly player: Signal<Player | undefined>;
  readonly onKey: () => void;
  readonly onHelp: () => void;
}

/** Plays the film in the stage's elements; answers the other screen that may show it, once there is one. */
export function usePlayer(
  { stage, original, upscaled }: StageElements,
  { id, status, player, onKey, onHelp }: PlayerUse,
): ReadonlySignal<Cast | undefined> {
  const cast = useSignal<Cast | undefined>(undefined);
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
    void resumeFromJellyfin(status.peek(), created, signal);
    joinMediaSession(created, () => status.peek().title, signal);
    const press = keyHandler(
      created,
      {
        toggleFullscreen: () => toggleFullscreen(stage.current, created.active().video),
        togglePip: () => togglePip(created.active().video),
        toggleSubtitles: () => toggleSubtitles(created),
        showHelp: onHelp,
      },
      () => frameSeconds(status.peek()),
    );
    const onKeyDown = (event: KeyboardEvent): void => {
      onKey();
      // The film is on another screen: its buttons are on the picture.
      if (cast.peek()?.isConnected.peek() !== true) press(event);
    };
    addEventListener("keydown", onKeyDown, { signal });
    return () => {
      closing.abort();
      player.value = undefined;
    };
  }, [id]);
  return cast;
}

function toggleSubtitles(player: Player): void {
  const { tracks, chosen } = player.subtitleTracks;
  const [first] = tracks.peek();
  player.chooseSubtitles(chosen.peek() === "" ? (first?.name ?? "") : "");
}
