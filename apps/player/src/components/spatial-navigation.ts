import { DIRECTIONS, nearestIn, type Direction } from "./nearest-in.ts";

const FOCUSABLE =
  "a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), summary, [role=slider]";

const isDirection = (key: string): key is Direction => key in DIRECTIONS;

interface Navigation {
  readonly signal: AbortSignal;
  /**
   * With a remote control there is nothing but arrows: they leave choices and sliders, too. Where keys mean something
   * before anything has the focus (the player's), up and down lead to the control of this selector.
   */
  readonly remoteTo?: string | undefined;
}

/** Arrow keys lead from one control to the next. Ends with `signal`. */
export function navigateByArrows({ signal, remoteTo }: Navigation): void {
  const onKey = (event: KeyboardEvent): void => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const isRemote = remoteTo !== undefined;
    if (isRemote && key === "Enter" && isChoice(target)) {
      // Of itself it would send the form.
      event.preventDefault();
      return target.click();
    }
    if (!isDirection(key) || event.defaultPrevented || needsArrows(target, key, isRemote)) return;
    const next = controlFrom(document.activeElement, key, remoteTo);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  // Before the player, whose keys these are otherwise.
  addEventListener("keydown", onKey, { signal, capture: remoteTo !== undefined });
}

function controlFrom(
  active: Element | null,
  key: Direction,
  remoteTo: string | undefined,
): HTMLElement | undefined {
  const isNowhere = active === null || active === document.body;
  if (isNowhere && remoteTo !== undefined)
    return key === "ArrowUp" || key === "ArrowDown"
      ? (document.querySelector<HTMLElement>(remoteTo) ?? undefined)
      : undefined;
  // Without a place to start from, the page scrolls as ever.
  if (isNowhere && key !== "ArrowDown") return undefined;
  const within =
    document.querySelector("dialog[open]") ?? active?.closest("[role=dialog]") ?? document;
  const controls = [...within.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (control) => control !== active && control.getClientRects().length > 0,
  );
  const from = isNowhere
    ? { left: 0, right: innerWidth, top: -1, bottom: 0 }
    : active.getBoundingClientRect();
  const boxes = controls.map((one) => one.getBoundingClientRect());
  return controls[nearestIn(key, from, boxes)];
}

const isChoice = (target: EventTarget | null): target is HTMLInputElement =>
  target instanceof HTMLInputElement && (target.type === "radio" || target.type === "checkbox");

/** Text is edited with left and right, and a list is gone through with up and down. */
function needsArrows(target: EventTarget | null, key: Direction, isRemote: boolean): boolean {
  // Something is being moved by them.
  if (target instanceof Element && target.closest("[data-takes-arrows]") !== null) return true;
  const isUpOrDown = key === "ArrowUp" || key === "ArrowDown";
  if (target instanceof HTMLSelectElement) return isUpOrDown;
  if (isRemote && isChoice(target)) return false;
  if (target instanceof HTMLInputElement) {
    const isText = !["checkbox", "file", "button", "submit"].includes(target.type);
    return isText && (!isUpOrDown || target.type === "radio");
  }
  if (!(target instanceof HTMLElement)) return false;
  if (isRemote && target.getAttribute("role") === "slider") return !isUpOrDown;
  return target.closest("[tabindex='0'], textarea") !== null;
}
