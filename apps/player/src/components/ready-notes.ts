import { signal, type ReadonlySignal } from "@preact/signals";
import type { StreamState, StreamStatus } from "@upreel/core";
import { urlOf } from "../api/gateway.ts";
import { strings } from "../strings.ts";

/**
 * `unavailable`: this browser shows none here, as over plain http from another device; `denied`: somebody has told it
 * not to, which only the browser's own settings change.
 */
export type NotesState = "off" | "on" | "denied" | "unavailable";

const KEY = "upreel.readyNotes";

const state = signal<NotesState>("off");
/** Whether a note is shown when a film is ready. */
export const readyNotes: ReadonlySignal<NotesState> = state;

const isThere = (): boolean => typeof Notification === "function" && isSecureContext;

/** What was chosen in this browser before; asks nobody. */
export function recallReadyNotes(): void {
  const isWanted = localStorage.getItem(KEY) === "on";
  state.value = isWanted && isThere() && Notification.permission === "granted" ? "on" : "off";
}

/** On, after the browser has asked the viewer, or off. Only of a click: a page that asks of itself is refused. */
export async function toggleReadyNotes(): Promise<void> {
  if (state.value === "on") {
    localStorage.removeItem(KEY);
    state.value = "off";
    return;
  }
  if (!isThere()) {
    state.value = "unavailable";
    return;
  }
  const answer = await Notification.requestPermission();
  if (answer !== "granted") {
    // Closed without an answer, it may be asked again.
    state.value = answer === "denied" ? "denied" : "off";
    return;
  }
  localStorage.setItem(KEY, "on");
  state.value = "on";
}

/** Follows what streams do, and shows a note when one becomes ready that was not. */
export function createReadyTeller(): (
  status: Pick<StreamStatus, "id" | "title" | "state">,
) => void {
  const known = new Map<string, StreamState>();
  return ({ id, title, state: now }) => {
    const before = known.get(id);
    known.set(id, now);
    if (state.value === "on" && now === "complete" && before !== undefined && before !== now)
      show(id, title);
  };
}

function show(id: string, title: string): void {
  try {
    const note = new Notification(strings.streams.notes.ready(title), {
      body: strings.streams.notes.readyText,
      icon: urlOf("icon-192.png"),
      // Of several tabs, the last one's takes the place of the others.
      tag: `upreel-${id}`,
    });
    note.addEventListener("click", () => {
      window.open(urlOf(`watch/${id}`));
      note.close();
    });
  } catch {
    // Chrome on Android has the class, and shows none that a page makes.
    state.value = "unavailable";
  }
}
