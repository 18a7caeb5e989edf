import type { IncomingMessage } from "node:http";
import { toUpreelError, type Log } from "@upreel/core";
import {
  choosePlayMode,
  chooseWish,
  parseItemId,
  type JellyfinClient,
  type PlayRule,
  type PlaySituation,
  type WishRule,
} from "@upreel/jellyfin";
import type { Streams } from "@upreel/streams";
import type { Target } from "../exchange/open-request.ts";
import { askJellyfin, readJson } from "../exchange/jellyfin-exchange.ts";
import type { Playback } from "../../viewing/playback.ts";
import type { PreparedFilms } from "./prepare-films.ts";
import { readAsker } from "../exchange/read-asker.ts";
import { likelyEpisode, readOnItsWay, shownFilm } from "./shown-film.ts";

export interface SeePagesDependencies {
  readonly jellyfin: Target;
  readonly prepared: PreparedFilms;
  readonly describe: (situation: PlaySituation) => Promise<PlaySituation>;
  readonly onPlay: readonly PlayRule[];
  readonly wishes: readonly WishRule[];
  /** Without, the next episode is not known beforehand. */
  readonly client: JellyfinClient | undefined;
  readonly streams: Pick<Streams, "get">;
  readonly log: Log;
  /** Whether films that may be played are made ready (`PREPARE`). */
  readonly prepares: boolean;
}

/** Who looks at a page, as far as rules name people. */
interface Looker {
  readonly client: string | undefined;
  readonly userId?: string | undefined;
}

/** The user is named by the address of what is looked at. */
function lookerOf(request: IncomingMessage): Looker {
  const asked = new URL(request.url ?? "/", "http://proxy");
  const named = [...asked.searchParams].find(([name]) => /^userid$/i.test(name))?.[1];
  const userId = /\/users\/([^/]+)\//i.exec(asked.pathname)?.[1] ?? named;
  return { client: readAsker(request, userId).client, userId };
}

/** With so much left of an episode, the next one is made ready. */
const NEARLY_OVER_SECONDS = 120;

/** What clients look at tells what they may play next. Nothing here keeps an answer waiting. */
export function seePages(deps: SeePagesDependencies) {
  const { jellyfin, prepared, log } = deps;
  const followed = new WeakSet<Playback>();

  async function expect(details: unknown, { client, userId }: Looker): Promise<void> {
    const film = shownFilm(details);
    if (film === undefined) return;
    const situation = await deps.describe({ client, userId, path: film.path });
    const mode = choosePlayMode(deps.onPlay, situation);
    if (mode === "ask" || mode === "automatic")
      await prepared.expect({ ...film, wish: chooseWish(deps.wishes, situation) });
  }

  /** In the name of who looks: lists tell no files. */
  async function detailsOf(itemId: string, request: IncomingMessage): Promise<unknown> {
    const asked = new URL(request.url ?? "/", "http://proxy");
    const users = [...asked.searchParams].filter(([name]) => /^(userid|api_?key)$/i.test(name));
    const path = asked.pathname.replace(/\/shows\/.*/i, `/Items/${itemId}`);
    const answer = await askJellyfin(jellyfin, request, {
      url: `${path}?${new URLSearchParams(users).toString()}`,
      without: ["if-none-match", "if-modified-since"],
    });
    return answer.status === 200 ? readJson(answer.headers, answer.body) : undefined;
  }

  const quietly = (work: Promise<void>): void =>
    void work.catch((thrown: unknown) => {
      log.debug(`What is looked at is not prepared: ${toUpreelError(thrown).message}`);
    });

  async function expectNext({ itemId, ...looker }: Playback): Promise<void> {
    const { client } = deps;
    const seriesId = (await client?.item(itemId))?.SeriesId;
    if (client === undefined || !seriesId) return;
    const [next] = await client.episodesAfter({ seriesId, itemId }, 1);
    await expect(next && { ...next, MediaType: "Video" }, looker);
  }

  return {
    /** The details of an item. */
    item(details: unknown, request: IncomingMessage): void {
      if (deps.prepares) quietly(expect(details, lookerOf(request)));
    },
    /** The episodes of one series, or the next one. */
    episodes: (given: IncomingMessage, request: IncomingMessage): void =>
      quietly(
        readOnItsWay(given).then(async (list) => {
          const itemId = parseItemId(likelyEpisode(list) ?? "");
          if (itemId === undefined) return;
          await expect(await detailsOf(itemId, request), lookerOf(request));
        }),
      ),
    /** Where a playback is. */
    position(playback: Playback, seconds: number): void {
      const status =
        playback.streamId === undefined ? undefined : deps.streams.get(playback.streamId);
      const left = (status?.durationSeconds ?? Infinity) - seconds;
      if (left > NEARLY_OVER_SECONDS || followed.has(playback)) return;
      followed.add(playback);
      quietly(expectNext(playback));
    },
  };
}
