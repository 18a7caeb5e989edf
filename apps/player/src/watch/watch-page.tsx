import { useSignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { StreamPage } from "../components/stream-page.tsx";
import { isOriginalOnly } from "../stream/actions.ts";
import { strings } from "../strings.ts";
import { BelowStage } from "./below-stage.tsx";
import type { Player } from "./player/player-controls.ts";
import { Stage } from "./stage/stage.tsx";

/** One that could not be read has no picture to show. */
const isPlayable = (status: StreamStatus): boolean =>
  status.state !== "failed" || status.duration_seconds !== null || isOriginalOnly(status);

/** The page that plays one stream. */
export function WatchPage({ id }: { readonly id: string }) {
  const player = useSignal<Player | undefined>(undefined);
  const compare = {
    icon: "compare",
    text: strings.watch.compare,
    path: `watch/${id}/compare`,
  } as const;
  return (
    // A film that plays as it is has nothing to be compared with.
    <StreamPage id={id} link={(status) => (isOriginalOnly(status) ? undefined : compare)}>
      {(status) => (
        <>
          {isPlayable(status.value) && <Stage id={id} status={status} player={player} />}
          <BelowStage status={status} player={player} />
        </>
      )}
    </StreamPage>
  );
}
