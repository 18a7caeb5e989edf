import { useSignal } from "@preact/signals";
import type { Film } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { call, explain, urlOf } from "../../api/gateway.ts";
import { startFilm } from "../../api/start-film.ts";
import { strings } from "../../strings.ts";
import type { Player } from "../player/player-controls.ts";

/** Shown so long before the end; of a short film, in its second half. */
const BEFORE_END_SECONDS = 20;

interface NextFilmProps {
  readonly id: string;
  readonly player: Player;
  /** Nothing but credits is left. */
  readonly isOver: boolean;
}

/** Near the end: the next film of the folder, which is the next episode where there are any. */
export function NextFilm({ id, player, isOver }: NextFilmProps) {
  const next = useSignal<Film | null>(null);
  const problem = useSignal("");
  const { position, duration } = player;
  const left = duration.value - position.value;
  const isNear = isOver || left < Math.min(BEFORE_END_SECONDS, duration.value / 2);
  useEffect(() => {
    if (!isNear) return;
    const closing = new AbortController();
    call<{ film: Film | null }>(`films/after/${id}`, { signal: closing.signal }).then(
      ({ film }) => (next.value = film),
      () => {
        // Who has only the link of this film sees no others.
      },
    );
    return () => closing.abort();
  }, [id, isNear]);
  if (!isNear || next.value === null) return null;
  const film = next.value;
  const play = async (): Promise<void> => {
    problem.value = "";
    try {
      location.assign(urlOf(`watch/${film.stream ?? (await startFilm(film)).id}`));
    } catch (thrown) {
      problem.value = explain(thrown).sentence;
    }
  };
  return (
    <div class="stage-offer" role="status">
      <p>{strings.watch.next(film.title)}</p>
      <button type="button" class="button primary" onClick={() => void play()}>
        {strings.watch.nextPlay}
      </button>
      {problem.value !== "" && (
        <p class="small" role="alert">
          {problem.value}
        </p>
      )}
    </div>
  );
}
