import type { ReadonlySignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { explainReason, urlOf } from "../api/gateway.ts";
import { CommandLine } from "../components/command-line.tsx";
import { OtherPlayers } from "../components/other-players.tsx";
import { ToldReason } from "../components/told-reason.tsx";
import { isOriginalOnly } from "../stream/actions.ts";
import { percent, pictureSize, span } from "../format.ts";
import { modelOn } from "../stream/model-on.ts";
import { speedOf } from "../stream/speed-of.ts";
import { stateHint, stateName } from "../stream/state-name.ts";
import { strings } from "../strings.ts";
import type { Player } from "./player/player-controls.ts";
import { useReadyNote } from "./too-slow.tsx";
import { WatchNotes, hasEnded } from "./watch-notes.tsx";

interface BelowStageProps {
  readonly status: ReadonlySignal<StreamStatus>;
  readonly player: ReadonlySignal<Player | undefined>;
}

/** What is told of the film below its picture. */
export function BelowStage({ status, player }: BelowStageProps) {
  const { id } = status.value;
  const hint = stateHint(status.value);
  useReadyNote(status);
  const notes = <WatchNotes status={status.value} player={player.value} />;
  if (isOriginalOnly(status.value))
    return (
      <>
        {notes}
        <section class="card below">
          <h2>{strings.streams.elsewhere}</h2>
          <OtherPlayers id={id} playlist="original.m3u8" />
        </section>
      </>
    );
  // What could not be read has no figures, and plays nowhere else either.
  if (status.value.state === "failed" && status.value.duration_seconds === null) return notes;
  return (
    <>
      {notes}
      <section class="card below">
        <dl class="facts">
          {factsOf(status.value).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {hint !== undefined && <p class="quiet small">{hint}</p>}
        <AboutFilm status={status.value} />
      </section>
      <section class="card below">
        <h2>{strings.streams.elsewhere}</h2>
        <CommandLine text={urlOf(`watch/${id}`)} />
        <OtherPlayers id={id} />
      </section>
    </>
  );
}

/** What its source lacks, or what it waits for; what ended it is told in a note of its own. */
function AboutFilm({ status: { state, reason } }: { readonly status: StreamStatus }) {
  if (reason === null || hasEnded(state)) return null;
  return (
    <div class="quiet small" role="status">
      <ToldReason {...explainReason(reason)} />
    </div>
  );
}

function factsOf(status: StreamStatus): readonly (readonly [string, string])[] {
  const { nothing } = strings;
  const names = strings.streams;
  const expected = status.expected_speed;
  const isMoving = status.ratio < 1;
  const speed =
    status.speed > 0
      ? speedOf(status)
      : expected === null
        ? nothing
        : names.expected(speedOf({ speed: expected, ratio: status.ratio }));
  const eta = status.eta_seconds === null ? nothing : span(status.eta_seconds);
  return [
    [names.state, stateName(status)],
    [names.done, percent(status.ratio)],
    ...(isMoving
      ? ([
          [names.speed, speed],
          [names.lead, span(status.lead_seconds)],
          [names.eta, eta],
        ] as const)
      : []),
    [names.picture, status.width === null ? nothing : pictureSize(status.width, status.height)],
    [names.model, modelOn(status)],
  ];
}
