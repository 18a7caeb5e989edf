import { DIRECTIONS, nearestIn, type Direction } from "./nearest-in.ts";

const FOCUSABLE =
  "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary";

const isDirection = (key: string): key is Direction => key in DIRECTIONS;

/** Arrow keys lead from one control to the next, as a remote control wants it. Ends with `signal`. */
export function navigateByArrows(signal: AbortSignal): void {
  addEventListener(
    "keydown",
    (event) => {
      const { key, target } = event;
      if (!isDirection(key) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
        return;
      if (event.defaultPrevented || needsArrows(target, key)) return;
      const within = document.querySelector("dialog[open]") ?? document;
      const controls = [...within.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
        (control) => control !== document.activeElement && control.getClientRects().length > 0,
      );
      const { activeElement: active } = document;
      const from =
        active === null || active === document.body
          ? { left: 0, right: innerWidth, top: -1, bottom: 0 }
          : active.getBoundingClientRect();
      // Without a place to start from, the page scrolls as ever.
      if (active === document.body && key !== "ArrowDown") return;
      const next =
        controls[
          nearestIn(
            key,
            from,
            controls.map((one) => one.getBoundingClientRect()),
          )
        ];
      if (next === undefined) return;
      event.preventDefault();
      next.focus();
      next.scrollIntoView({ block: "nearest", inline: "nearest" });
    },
    { signal },
  );
}

/** Text is edited with left and right, and a list is gone through with up and down. */
function needsArrows(target: EventTarget | null, key: Direction): boolean {
  if (target instanceof HTMLSelectElement) return key === "ArrowUp" || key === "ArrowDown";
  if (target instanceof HTMLInputElement) {
    const isText = !["checkbox", "file", "button", "submit"].includes(target.type);
    return isText && (key === "ArrowLeft" || key === "ArrowRight" || target.type === "radio");
  }
  return target instanceof HTMLElement && target.closest("[tabindex='0'], textarea") !== null;
}
