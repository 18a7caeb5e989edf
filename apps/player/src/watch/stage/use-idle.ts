import { useSignal, useSignalEffect, type Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { isTelevision } from "../../components/television.ts";
import type { Player } from "../player/player-controls.ts";

/** Controls go after this long without a sign of life, while it plays. */
const IDLE_MS = 2_500;

export interface Idle {
  readonly isIdle: Signal<boolean>;
  readonly wake: () => void;
}

/** Whether nobody has moved or tapped for a while. */
export function useIdle(): Idle {
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

/** What has the focus stays to be seen: with a remote control something always has it. */
export function useIdleBlur({ isIdle }: Idle, player: Signal<Player | undefined>): void {
  useSignalEffect(() => {
    if (!isIdle.value || !isTelevision() || player.value?.wantsToPlay.value !== true) return;
    const { activeElement: active } = document;
    if (active instanceof HTMLElement && active.closest(".controls") !== null) active.blur();
  });
}
