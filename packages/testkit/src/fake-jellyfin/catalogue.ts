import type { FakeImage } from "./images.ts";

/** Jellyfin's time unit: 100 ns. */
export const TICKS_PER_SECOND = 10_000_000;

interface FakeVideo {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
}

interface FakeAudio {
  readonly codec: string;
  readonly language: string;
  readonly channels: number;
  /** The file beside the film that it is in, as the server sees it. */
  readonly externalPath?: string;
}

export interface FakeSubtitle {
  /** `subrip`, `ass`, or an image format such as `DVDSUB`. */
  readonly codec: string;
  readonly language: string;
  /** The file beside the film that it is in, as the server sees it. */
  readonly externalPath?: string;
}

/** What a user has done with an item. */
export interface FakeUserData {
  played: boolean;
  favourite: boolean;
  positionTicks: number;
  playCount?: number;
  lastPlayedDate?: string;
}

interface FakeSegment {
  readonly Id: string;
  readonly ItemId: string;
  readonly Type: string;
  readonly StartTicks: number;
  readonly EndTicks: number;
  /** Of those that were stored by a call. */
  readonly provider?: string;
}

/** One item of the fake library. */
export interface FakeItem {
  readonly id: string;
  readonly name: string;
  readonly type: "Movie" | "Episode" | "Video" | "Audio" | "TvChannel" | "Photo";
  /** As the server sees it, in its own container. */
  readonly path: string;
  /** What a `.strm` names; the server gives it as the path of its source. */
  readonly url?: string;
  /** Of a further version: the item that lists show, whose sources name this one, too. */
  readonly primaryId?: string;
  /** The file whose bytes `/Videos/{id}/stream` answers. */
  readonly file: string | undefined;
  readonly runTimeTicks: number;
  readonly video: FakeVideo;
  readonly audio: readonly FakeAudio[];
  readonly subtitles: readonly FakeSubtitle[];
  /** Whether every client may play the file as it is. */
  readonly directPlay: boolean;
  readonly bitrate: number;
  readonly libraryId: string;
  readonly series: { readonly id: string; readonly name: string } | undefined;
  readonly season: number | undefined;
  readonly episode: number | undefined;
  readonly dateCreated: string;
  /** Posters, backdrops, photos. */
  readonly images: FakeImage[];
  /** Media segments that Jellyfin's own plugins found, and those that were stored from outside. */
  readonly segments: FakeSegment[];
  /** By user id. */
  readonly userData: Map<string, FakeUserData>;
}

export interface FakeUser {
  readonly id: string;
  readonly name: string;
  readonly token: string;
}

export interface FakeLibrary {
  readonly id: string;
  readonly name: string;
  readonly collectionType: "movies" | "tvshows";
  readonly locations: readonly string[];
}

/** An item with the properties that a test cares for. */
export function makeFakeItem(given: Partial<FakeItem> & { id: string; path: string }): FakeItem {
  return {
    name: "Clip Eight (2008)",
    type: "Movie",
    file: undefined,
    runTimeTicks: 360 * TICKS_PER_SECOND,
    video: { codec: "h264", width: 640, height: 360 },
    audio: [{ codec: "aac", language: "eng", channels: 2 }],
    subtitles: [],
    directPlay: true,
    bitrate: 1_716_722,
    libraryId: MOVIES.id,
    series: undefined,
    season: undefined,
    episode: undefined,
    dateCreated: "2026-11-21T01:08:55.8072804Z",
    segments: [],
    images: [],
    userData: new Map(),
    ...given,
  };
}

export const MOVIES: FakeLibrary = {
  id: "764720bc58288af349da8e352b59c0d0",
  name: "Movies",
  collectionType: "movies",
  locations: ["/media/movies"],
};

export const ROOT_USER: FakeUser = {
  id: "80ec06339f7246479c632c8aa8982a98",
  name: "root",
  token: "0000000000000000000000000000000c",
};

export const dashed = (id: string): string =>
  id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
