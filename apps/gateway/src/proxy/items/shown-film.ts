import type { IncomingMessage } from "node:http";
import type { FilmWish } from "@upreel/core";
import { TICKS_PER_SECOND } from "@upreel/jellyfin";
import { z } from "zod";
import { readJson } from "../exchange/jellyfin-exchange.ts";

/** A film that somebody may play, and where his play button begins. */
export interface ShownFilm {
  /** As Jellyfin names it. */
  readonly path: string;
  readonly title: string;
  readonly fromSeconds: number;
  /** How it is made for its viewer, where that is known. */
  readonly wish?: FilmWish | undefined;
}

const userDataSchema = z.looseObject({
  Played: z.boolean().nullish(),
  PlaybackPositionTicks: z.number().nonnegative().nullish(),
});

const itemSchema = z.looseObject({
  Name: z.string().nullish(),
  MediaType: z.literal("Video"),
  UserData: userDataSchema.nullish(),
  MediaSources: z
    .array(
      z.looseObject({
        Path: z.string(),
        Protocol: z.literal("File"),
        IsInfiniteStream: z.literal(false),
      }),
    )
    .min(1),
});

const listSchema = z.looseObject({
  Items: z.array(z.looseObject({ Id: z.string(), UserData: userDataSchema.nullish() })),
});

/** An item with hundreds of streams and people. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/** The film that an item's details tell of; undefined for others. */
export function shownFilm(details: unknown): ShownFilm | undefined {
  const { success, data } = itemSchema.safeParse(details);
  const path = success ? data.MediaSources[0]?.Path : undefined;
  if (!success || path === undefined) return undefined;
  const fromSeconds = (data.UserData?.PlaybackPositionTicks ?? 0) / TICKS_PER_SECOND;
  return { path, title: data.Name ?? "", fromSeconds };
}

/** The id of the episode that is played next by who looks at this list; undefined for an empty one. */
export function likelyEpisode(list: unknown): string | undefined {
  const items = listSchema.safeParse(list).data?.Items ?? [];
  const begun = items.find(({ UserData }) => (UserData?.PlaybackPositionTicks ?? 0) > 0);
  const unseen = items.find(({ UserData }) => UserData?.Played !== true);
  return (begun ?? unseen ?? items[0])?.Id;
}

/** The JSON of an answer that is on its way to a client; undefined where it is none, or too long. */
export async function readOnItsWay(answer: IncomingMessage): Promise<unknown> {
  if (answer.statusCode !== 200) return undefined;
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let length = 0;
  answer.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= LIMIT_BYTES) chunks.push(chunk);
  });
  answer.once("end", () => resolve(length <= LIMIT_BYTES ? Buffer.concat(chunks) : undefined));
  answer.once("close", () => resolve(undefined));
  const body = await promise;
  return body === undefined ? undefined : readJson(answer.headers, body);
}
