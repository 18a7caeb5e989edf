import type { Signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useMemo } from "preact/hooks";
import type { Player } from "../player/player-controls.ts";
import { toggleFullscreen } from "../player/screen-modes.ts";
import { createTaps } from "./taps.ts";
import type { Idle } from "./use-idle.ts";

/** How far a double tap at a side jumps. */
const TAP_SECONDS = 10;

/** Clicks and taps on the picture: play, pause, jump, the whole screen. */
export function useTaps(
  stage: RefObject<HTMLDivElement | null>,
  player: Signal<Player | undefined>,
  { isIdle, wake }: Idle,
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
    // Its own time: a page that is busy comes late to it.
    tap((event.clientX - left) / width, event.timeStamp);
  };
  const onDblClick = (event: MouseEvent): void => {
    if ("pointerType" in event && event.pointerType === "touch") return;
    toggleFullscreen(stage.current, player.peek()?.active().video);
  };
  return { onClick, onDblClick };
}
