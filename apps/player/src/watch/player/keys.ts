import type { Player } from "./player-controls.ts";

/** What keys can do beside playing itself. */
export interface KeyActions {
  readonly toggleFullscreen: () => void;
  readonly togglePip: () => void;
  readonly toggleSubtitles: () => void;
  readonly showHelp: () => void;
}

const RATES = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

/** Keys as YouTube and Jellyfin have them; `U` is our own: the other picture. */
export function keyHandler(player: Player, actions: KeyActions, frameSeconds: () => number) {
  const by = (seconds: number) => (): void => player.seek(player.position.value + seconds);
  const louder = (step: number) => (): void => player.setVolume(player.volume.value + step, false);
  const faster = (step: number) => (): void => {
    const next = RATES[RATES.indexOf(player.rate.value) + step];
    if (next !== undefined) player.setRate(next);
  };
  const frame = (step: number) => (): void => {
    player.pause();
    by(step * frameSeconds())();
  };
  const keys: Readonly<Record<string, () => void>> = {
    " ": player.toggle,
    Enter: player.toggle,
    k: player.toggle,
    j: by(-10),
    l: by(10),
    ArrowLeft: by(-5),
    ArrowRight: by(5),
    ArrowUp: louder(0.05),
    ArrowDown: louder(-0.05),
    m: () => player.setVolume(player.volume.value, !player.muted.value),
    f: actions.toggleFullscreen,
    p: actions.togglePip,
    i: actions.togglePip,
    c: actions.toggleSubtitles,
    u: () => player.choose(player.showing.value === "original" ? "upscaled" : "original"),
    Home: () => player.seek(0),
    End: () => player.seek(player.duration.value),
    ",": frame(-1),
    ".": frame(1),
    "<": faster(-1),
    ">": faster(1),
    "?": actions.showHelp,
    MediaPlayPause: player.toggle,
    MediaTrackPrevious: by(-30),
    MediaTrackNext: by(30),
  };
  return (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented || isForControl(event)) return;
    const digit = /^[0-9]$/.test(event.key) ? Number(event.key) : undefined;
    const act =
      digit === undefined
        ? keys[event.key.length === 1 ? event.key.toLowerCase() : event.key]
        : () => player.seek((player.duration.value * digit) / 10);
    if (act === undefined) return;
    event.preventDefault();
    act();
  };
}

/** Keys that the focused control needs itself. */
function isForControl({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog, [role=dialog]") !== null) return key !== "?";
  if (target instanceof HTMLInputElement || target instanceof HTMLSelectElement) return true;
  return (key === " " || key === "Enter") && target.closest("button, a, summary") !== null;
}
