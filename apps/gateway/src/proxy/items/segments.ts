import type { IncomingMessage, ServerResponse } from "node:http";
import { toUpreelError } from "@upreel/core";
import {
  mediaSegmentsSchema,
  mergeSegments,
  parseItemId,
  playbackAnswerSchema,
  wantedSegmentTypes,
  type JellyfinClient,
} from "@upreel/jellyfin";
import type { FilmChapter } from "@upreel/scan";
import { z } from "zod";
import { foldersFor, pathHere } from "../../jellyfin/locate-film.ts";
import { within } from "../../waiting/within.ts";
import type { ProxyDeps } from "../deps.ts";
import {
  askJellyfin,
  headersForBody,
  readJson,
  type WholeAnswer,
} from "../exchange/jellyfin-exchange.ts";
import type { Target } from "../exchange/open-request.ts";
import type { PassThrough } from "../exchange/pass-through.ts";

/** Intros and credits in Jellyfin's own answers: its clients offer to skip them as they do with its plugins'. */
export interface Segments {
  /** PlaybackInfo that says of a source that there are segments to be asked for. */
  mark(answer: WholeAnswer): Promise<WholeAnswer>;
  /** The same of an item's details; the film is not looked at for that. */
  markItem(answer: WholeAnswer): Promise<WholeAnswer>;
  /** `GET /MediaSegments/{id}`: Jellyfin's, and ours. */
  answer(itemId: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
}

interface SegmentsDependencies extends Pick<
  ProxyDeps,
  "scans" | "files" | "roots" | "config" | "log"
> {
  readonly jellyfin: Target;
  readonly passThrough: PassThrough;
  /** Without, only films that were asked for by PlaybackInfo are known. */
  readonly client: JellyfinClient | undefined;
}

/** A disk that does not answer keeps no player waiting. */
const LOOK_MS = 500;
const MOST_KNOWN = 5_000;

/** A source, as PlaybackInfo and details of items name it. */
interface NamedSource {
  readonly Id: string;
  readonly Path?: string | null | undefined;
  readonly IsRemote?: boolean | null | undefined;
  readonly HasSegments?: unknown;
}

/** Nothing in it is changed by reading it. */
const itemSchema = z.looseObject({
  MediaSources: z.array(
    z.looseObject({ Id: z.string(), Path: z.string().nullish(), IsRemote: z.boolean().nullish() }),
  ),
});

export function createSegments(deps: SegmentsDependencies): Segments {
  const { scans, files, roots, config, jellyfin, passThrough, client, log } = deps;
  /** Of sources, as PlaybackInfo named them. */
  const paths = new Map<string, string>();

  /** What is known of a file that Jellyfin names; what is played is looked at, should that be wanted. */
  async function chaptersOf(
    jellyfinPath: string,
    { isPlayed }: { readonly isPlayed: boolean },
  ): Promise<readonly FilmChapter[]> {
    try {
      const path = pathHere(config, jellyfinPath);
      const found = files.locate(path, foldersFor(path, roots));
      const file = await within(found, { ms: LOOK_MS });
      if (file === undefined) return [];
      if (isPlayed) scans.want(file.path);
      return await scans.chapters(file);
    } catch (thrown) {
      log.debug(`No segments of ${jellyfinPath}: ${toUpreelError(thrown).message}`);
      return [];
    }
  }

  async function pathOf(itemId: string): Promise<string | undefined> {
    const known = paths.get(itemId);
    if (known !== undefined) return known;
    const found = await client?.item(itemId).catch(() => undefined);
    return found?.Path ?? undefined;
  }

  function remember(sourceId: string, path: string): void {
    if (paths.size >= MOST_KNOWN) paths.clear();
    paths.set(parseItemId(sourceId) ?? sourceId, path);
  }

  /** The answer with `HasSegments` at sources that have some. */
  async function markSources(
    answer: WholeAnswer,
    schema: z.ZodType<{ readonly MediaSources: readonly NamedSource[] }>,
    how: { readonly isPlayed: boolean },
  ): Promise<WholeAnswer> {
    if (answer.status !== 200) return answer;
    const parsed = schema.safeParse(await readJson(answer.headers, answer.body));
    if (!parsed.success) return answer;
    let isMarked = false;
    const MediaSources = await Promise.all(
      parsed.data.MediaSources.map(async (source) => {
        if (!source.Path || source.IsRemote === true) return source;
        remember(source.Id, source.Path);
        if ((await chaptersOf(source.Path, how)).length === 0) return source;
        isMarked ||= source.HasSegments !== true;
        return { ...source, HasSegments: true };
      }),
    );
    return isMarked ? withBody(answer, { ...parsed.data, MediaSources }) : answer;
  }

  return {
    mark: (answer) => markSources(answer, playbackAnswerSchema, { isPlayed: true }),
    markItem: (answer) => markSources(answer, itemSchema, { isPlayed: false }),
    async answer(itemId, request, response) {
      const given = await askJellyfin(jellyfin, request, {
        without: ["if-none-match", "if-modified-since"],
      }).catch(() => undefined);
      // Older servers know no segments, and what a user may not see has none.
      const segments =
        given?.status === 200
          ? mediaSegmentsSchema.safeParse(await readJson(given.headers, given.body)).data
          : undefined;
      const path = segments === undefined ? undefined : await pathOf(itemId);
      if (given === undefined || segments === undefined || path === undefined)
        return passThrough.web(request, response);
      const { searchParams } = new URL(request.url ?? "/", "http://proxy");
      const known = await chaptersOf(path, { isPlayed: true });
      const merged = mergeSegments(segments, itemId, known, wantedSegmentTypes(searchParams));
      const { rawHeaders, body } = withBody(given, merged);
      response.writeHead(200, [...rawHeaders]);
      response.end(body);
    },
  };
}

function withBody(answer: WholeAnswer, value: unknown): WholeAnswer {
  const body = Buffer.from(JSON.stringify(value));
  const { "content-encoding": _, ...headers } = answer.headers;
  return { ...answer, headers, body, rawHeaders: headersForBody(answer.rawHeaders, body).flat() };
}
