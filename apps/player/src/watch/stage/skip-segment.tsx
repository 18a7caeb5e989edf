import { strings } from "../../strings.ts";
import type { FilmSegment } from "./film-segments.ts";
import type { Player } from "../player/player-controls.ts";

interface SkipSegmentProps {
  readonly segment: FilmSegment;
  readonly player: Player;
}

/** In an intro, or in credits after which something comes: a way past it. */
export function SkipSegment({ segment, player }: SkipSegmentProps) {
  return (
    <div class="stage-offer" role="status">
      <button type="button" class="button" onClick={() => player.seek(segment.end_seconds)}>
        {strings.watch.skip[segment.type]}
      </button>
    </div>
  );
}
