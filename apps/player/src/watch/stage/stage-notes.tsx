import type { ReadonlySignal } from "@preact/signals";
import type { StreamState, StreamStatus } from "@upreel/core";
import { Icon } from "../../components/icon.tsx";
import { isOriginalOnly } from "../../stream/actions.ts";
import { strings } from "../../strings.ts";
import type { PictureKind } from "../../playback/decide.ts";
import { NextFilm } from "./next-film.tsx";
import type { Player } from "../player/player-controls.ts";
import { endsFilm, segmentAt, useFilmSegments } from "./film-segments.ts";
import { SkipSegment } from "./skip-segment.tsx";
import { StartOver } from "./start-over.tsx";

interface StageNotesProps {
  readonly player: Player;
  readonly status: ReadonlySignal<StreamStatus>;
}

/** What lies over the picture: which film it is, that it waits, and the offer to change. */
export function StageNotes({ player, status }: StageNotesProps) {
  const showing = player.showing.value;
  const { video } = player.pictures[showing];
  const films = isOriginalOnly(status.value)
    ? [player.pictures.original]
    : Object.values(player.pictures);
  const isNeitherPlayed = films.every(({ problem }) => problem.value?.kind === "codec");
  const size = showing === "upscaled" ? sizeOf(status.value) : sizeIn(video);
  const { hdr, id } = status.value;
  const segments = useFilmSegments(id, status);
  const segment = segmentAt(segments.value, player.position.value);
  const isOver = segment !== undefined && endsFilm(segment, player.duration.value);
  return (
    <>
      <p class={`stage-badge ${showing}`} aria-live="polite">
        {strings.watch[showing]}
        {size !== undefined && <span>{size}</span>}
        {hdr !== null && <span>{showing === "upscaled" ? strings.watch.sdrOf(hdr) : hdr}</span>}
      </p>
      {isNeitherPlayed ? (
        <p class="stage-wait">{strings.watch.neitherFilm}</p>
      ) : (
        player.isWaiting.value && <Waiting showing={showing} state={status.value.state} />
      )}
      {!player.wantsToPlay.value && (
        <button
          type="button"
          class="stage-play"
          aria-label={strings.watch.play}
          onClick={player.play}
        >
          <Icon name="play" />
        </button>
      )}
      {player.isOffered.value ? (
        <div class="stage-offer" role="status">
          <p>{strings.watch.offer}</p>
          <button type="button" class="button primary" onClick={() => player.choose("upscaled")}>
            {strings.watch.offerTake}
          </button>
          <button type="button" class="button" onClick={() => player.choose("original")}>
            {strings.watch.offerLeave}
          </button>
        </div>
      ) : (
        <>
          <StartOver player={player} />
          {segment !== undefined && !isOver && <SkipSegment segment={segment} player={player} />}
          <NextFilm id={id} player={player} isOver={isOver} />
        </>
      )}
    </>
  );
}

interface WaitingProps {
  readonly showing: PictureKind;
  readonly state: StreamState;
}

/** What is waited for; nothing comes of an upscale that has ended, as is told below the picture. */
function Waiting({ showing, state }: WaitingProps) {
  if (showing === "upscaled" && (state === "failed" || state === "cancelled"))
    return <p class="stage-wait">{strings.watch.ended[state]}</p>;
  return (
    <div class="stage-wait" role="status">
      <span class="spinner" />
      <p>{showing === "upscaled" ? strings.watch.beingMade : strings.loading}</p>
    </div>
  );
}

const sizeOf = ({ width, height }: StreamStatus): string | undefined =>
  width === null ? undefined : `${width}×${height}`;

const sizeIn = ({ videoWidth, videoHeight }: HTMLVideoElement): string | undefined =>
  videoWidth === 0 ? undefined : `${videoWidth}×${videoHeight}`;
