import { effect } from "@preact/signals";
import { urlOf } from "../../api/gateway.ts";
import type { Player } from "./player-controls.ts";

const PLAYING_EVERY_MS = 2_000;
const PAUSED_EVERY_MS = 15_000;

/**
 * Tells the gateway where this viewer is: what a player asks for is not where it is, and only so does
 * the gateway know while the original plays. Ends with `signal`.
 */
export function reportPlayhead(id: string, player: Player, signal: AbortSignal): void {
  const viewer = `page ${Math.random().toString(36).slice(2)}`;
  const url = urlOf(`playhead/${id}`);
  let lastMs = -Infinity;
  let last = { seconds: NaN, paused: true, plays: "original" };
  const send = (body: object): void => {
    fetch(url, { method: "POST", body: JSON.stringify({ viewer, ...body }) }).catch(() => {
      // The next one tells it again.
    });
  };
  const look = (): void => {
    const seconds = player.position.value;
    const paused = !player.wantsToPlay.value;
    // A viewer who chose the upscaled film waits for it while the original is still seen.
    const isWaitedFor = player.showing.value === "upscaled" || player.wish.value === "upscaled";
    const plays = isWaitedFor ? "stream" : "original";
    const nowMs = performance.now();
    const isJump = Math.abs(seconds - last.seconds) > 4 || Number.isNaN(last.seconds);
    const every = paused ? PAUSED_EVERY_MS : PLAYING_EVERY_MS;
    const isSame = !isJump && paused === last.paused && plays === last.plays;
    if (isSame && nowMs - lastMs < every) return;
    lastMs = nowMs;
    last = { seconds, paused, plays };
    send(last);
  };
  const stop = effect(look);
  // A film that stands still changes nothing, and its viewer is there all the same.
  const timer = setInterval(look, PLAYING_EVERY_MS);
  const leave = (): void => {
    navigator.sendBeacon(url, JSON.stringify({ viewer, left: true }));
  };
  addEventListener("pagehide", leave);
  signal.addEventListener("abort", () => {
    stop();
    clearInterval(timer);
    removeEventListener("pagehide", leave);
  });
}
