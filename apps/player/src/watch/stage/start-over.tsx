import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { clock } from "../../format.ts";
import { strings } from "../../strings.ts";
import type { Player } from "../player/player-controls.ts";

/** Whoever wants it has pressed it by then. */
const SHOWN_MS = 10_000;

/** A film that goes on where it was left can be begun anew. */
export function StartOver({ player }: { readonly player: Player }) {
  const from = player.resumedAt.value;
  const isShown = useSignal(true);
  useEffect(() => {
    isShown.value = true;
    const timer = setTimeout(() => (isShown.value = false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [from]);
  if (from === 0 || !isShown.value) return null;
  const startOver = (): void => {
    isShown.value = false;
    player.seek(0);
  };
  return (
    <div class="stage-offer" role="status">
      <p>{strings.watch.resumed(clock(from))}</p>
      <button type="button" class="button" onClick={startOver}>
        {strings.watch.startOver}
      </button>
    </div>
  );
}
