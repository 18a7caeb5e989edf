import { useSignal } from "@preact/signals";
import { StreamPage } from "../components/stream-page.tsx";
import { strings } from "../strings.ts";
import { BelowStage } from "./below-stage.tsx";
import type { Player } from "./player-controls.ts";
import { Stage } from "./stage.tsx";

/** The page that plays one stream. */
export function WatchPage({ id }: { readonly id: string }) {
  const player = useSignal<Player | undefined>(undefined);
  const link = {
    icon: "compare",
    text: strings.watch.compare,
    path: `watch/${id}/compare`,
  } as const;
  return (
    <StreamPage id={id} link={link}>
      {(status) => (
        <>
          <Stage id={id} status={status} player={player} />
          <BelowStage status={status} player={player} />
        </>
      )}
    </StreamPage>
  );
}
