import { effect, type ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { urlOf } from "../api/gateway.ts";
import { Note } from "../components/note.tsx";
import { ReadyNotesButton, ReadyNotesHelp } from "../components/ready-notes-button.tsx";
import { createReadyTeller, recallReadyNotes } from "../components/ready-notes.ts";
import { strings } from "../strings.ts";
import { MakeAhead } from "./make-ahead.tsx";
import type { Player } from "./player/player-controls.ts";

interface TooSlowProps {
  readonly status: StreamStatus;
  readonly player: Player | undefined;
  readonly text: string;
}

/** It will not keep up with playing: what its viewer can do about that. */
export function TooSlow({ status, player, text }: TooSlowProps) {
  const { id, state, priority, eta_seconds: eta } = status;
  const names = strings.watch;
  const isForLater = state !== "paused" && priority !== "viewer";
  const canPlayOriginal =
    player !== undefined &&
    player.showing.value === "upscaled" &&
    player.pictures.original.problem.value === undefined;
  return (
    <Note isLive={false}>
      <p role="status">
        {text} {isForLater && names.isMadeAhead}
      </p>
      {/* It changes with each look at the clock, which nobody wants to be told. */}
      {eta !== null && <p>{names.readyAt(timeOfDay(Date.now() + eta * 1_000))}</p>}
      <div class="row-buttons">
        {!isForLater && <MakeAhead id={id} />}
        <ReadyNotesButton />
        {canPlayOriginal && (
          <button type="button" class="button" onClick={() => player.choose("original")}>
            {names.playOriginal}
          </button>
        )}
        <a class="button" href={urlOf("./#/system")}>
          {names.otherComputer}
        </a>
      </div>
      <ReadyNotesHelp />
    </Note>
  );
}

/** Shows a note when the film of this page is ready, where its viewer wants notes. */
export function useReadyNote(status: ReadonlySignal<StreamStatus>): void {
  useEffect(() => {
    recallReadyNotes();
    const tell = createReadyTeller();
    return effect(() => tell(status.value));
  }, [status]);
}

const timeOfDay = (atMs: number): string =>
  new Date(atMs).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
