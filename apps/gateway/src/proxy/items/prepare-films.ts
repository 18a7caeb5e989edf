import { setTimeout as sleep } from "node:timers/promises";
import { toUpreelError, type Log } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import type { ShownFilm } from "./shown-film.ts";

export interface PrepareDependencies {
  readonly streams: Pick<Streams, "dropPrepared">;
  readonly log: Log;
  /** Makes its first seconds; undefined where that is not worth it. */
  readonly prepare: (film: ShownFilm) => Promise<string | undefined>;
  /** How long a film is kept ready that nobody plays; default a minute. */
  readonly keptMs?: number;
}

/** Films that are made ready before play is pressed: one at a time. */
export interface PreparedFilms extends Disposable {
  /** Somebody looks at it, or will soon come to it. Never rejects. */
  expect(film: ShownFilm): Promise<void>;
  /** `path` is about to be played: the machine is its alone. */
  yieldTo(path: string): void;
}

const KEPT_MS = 60_000;

export function prepareFilms(deps: PrepareDependencies): PreparedFilms {
  const { streams, log, keptMs = KEPT_MS } = deps;
  let now: { readonly film: ShownFilm; readonly over: AbortController } | undefined;

  /** Ends with the film's time, or its turn; what was played meanwhile stays. */
  async function keep(film: ShownFilm, { signal }: AbortController): Promise<void> {
    try {
      const id = await deps.prepare(film);
      if (id === undefined) return;
      await sleep(keptMs, undefined, { signal, ref: false }).catch(() => undefined);
      await streams.dropPrepared(id);
    } catch (thrown) {
      log.debug(`${film.title} is not prepared: ${toUpreelError(thrown).message}`);
    }
  }

  function drop(): void {
    now?.over.abort();
    now = undefined;
  }

  return {
    async expect(film) {
      const isSame = now?.film.path === film.path && now.film.fromSeconds === film.fromSeconds;
      if (isSame) return;
      drop();
      const over = new AbortController();
      now = { film, over };
      await keep(film, over);
      if (now?.over === over) now = undefined;
    },
    yieldTo(path) {
      if (now?.film.path !== path) drop();
    },
    [Symbol.dispose]: drop,
  };
}
