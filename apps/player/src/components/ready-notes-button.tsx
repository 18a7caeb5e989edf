import { Icon } from "./icon.tsx";
import { strings } from "../strings.ts";
import { readyNotes, toggleReadyNotes } from "./ready-notes.ts";

/** Turns notes about films that are ready on and off, in this browser. */
export function ReadyNotesButton() {
  const isOn = readyNotes.value === "on";
  const { notes } = strings.streams;
  return (
    <button
      type="button"
      class="button"
      aria-pressed={isOn}
      title={notes.hint}
      onClick={() => void toggleReadyNotes()}
    >
      <Icon name={isOn ? "check" : "bell"} />
      {isOn ? notes.on : notes.off}
    </button>
  );
}

/** Why there are none, after somebody wanted them. */
export function ReadyNotesHelp() {
  const why = readyNotes.value;
  if (why !== "denied" && why !== "unavailable") return <></>;
  return (
    <div class="note" role="status">
      <Icon name="alert" />
      <div>{strings.streams.notes[why]}</div>
    </div>
  );
}
