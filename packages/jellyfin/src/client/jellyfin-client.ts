import type { MediaSegments, OwnSegment } from "../media-segments/merge-segments.ts";
import type {
  JellyfinImage,
  JellyfinItem,
  JellyfinLibrary,
  JellyfinServer,
  JellyfinSession,
  JellyfinUser,
} from "./schemas.ts";

/** What a client shall play; ticks are 100 ns. */
export interface PlayNow {
  readonly itemId: string;
  readonly mediaSourceId?: string | undefined;
  readonly positionTicks: number;
  readonly audioStreamIndex?: number | undefined;
  readonly subtitleStreamIndex?: number | undefined;
}

/** Which items of the library; all conditions must hold. */
export interface ItemQuery {
  readonly userId?: string | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly libraryId?: string | undefined;
  readonly isPlayed?: boolean | undefined;
  readonly isFavorite?: boolean | undefined;
  /** Begun, and not seen to its end. */
  readonly isResumable?: boolean | undefined;
  /** Default: by name. */
  readonly order?: "newest" | "last-played" | "most-played";
  /** Kinds of items, such as `Photo`; by default those of video. */
  readonly types?: readonly string[] | undefined;
  readonly startIndex: number;
  readonly limit: number;
}

/** One picture of an item: a poster, a backdrop, a photo. */
export interface ImagePlace {
  readonly itemId: string;
  /** `Primary`, `Backdrop` … */
  readonly type: string;
  /** Among several of its kind. */
  readonly index: number;
}

/** What a user did with an item; what is not named stays. */
interface UserDataChange {
  readonly PlaybackPositionTicks?: number;
  readonly Played?: boolean;
  readonly PlayCount?: number;
  /** ISO 8601. */
  readonly LastPlayedDate?: string;
}

/**
 * Jellyfin's REST interface with an API key. Every call throws `jellyfin_unreachable` (also while the
 * server starts), `jellyfin_refused` (key) or `jellyfin_failed`, and recovers by itself.
 */
export interface JellyfinClient {
  server(signal?: AbortSignal): Promise<JellyfinServer>;
  /** An item by its id, `undefined` when there is none. Needs no user. */
  item(id: string, signal?: AbortSignal): Promise<JellyfinItem | undefined>;
  items(query: ItemQuery, signal?: AbortSignal): Promise<JellyfinItemPage>;
  /** The next episode of every series that the user has begun. */
  nextUp(userId: string, limit: number, signal?: AbortSignal): Promise<readonly JellyfinItem[]>;
  /** The episodes after `itemId` in its series, in order. */
  episodesAfter(
    series: { readonly seriesId: string; readonly itemId: string },
    limit: number,
    signal?: AbortSignal,
  ): Promise<readonly JellyfinItem[]>;
  /** The episodes of a season, in order; of season 0 the specials. */
  episodesOf(
    season: { readonly seriesId: string; readonly number: number },
    signal?: AbortSignal,
  ): Promise<readonly JellyfinItem[]>;
  /** The pictures of an item. */
  images(itemId: string, signal?: AbortSignal): Promise<readonly JellyfinImage[]>;
  /** The bytes of one, as it is stored. */
  image(place: ImagePlace, signal?: AbortSignal): Promise<Uint8Array>;
  /** Puts another picture in the place of one. */
  replaceImage(
    place: ImagePlace,
    picture: { readonly bytes: Uint8Array; readonly type: string },
    signal?: AbortSignal,
  ): Promise<void>;
  sessions(signal?: AbortSignal): Promise<readonly JellyfinSession[]>;
  users(signal?: AbortSignal): Promise<readonly JellyfinUser[]>;
  libraries(signal?: AbortSignal): Promise<readonly JellyfinLibrary[]>;
  updateUserData(
    itemId: string,
    userId: string,
    change: UserDataChange,
    signal?: AbortSignal,
  ): Promise<void>;
  /** Makes a client play an item from a position on. */
  playNow(sessionId: string, play: PlayNow, signal?: AbortSignal): Promise<void>;
  /** Shows a toast for so long; without a time the web client would show a blocking dialog. */
  showMessage(
    sessionId: string,
    message: { readonly text: string; readonly timeoutMs: number },
    signal?: AbortSignal,
  ): Promise<void>;
  /** Looks for new and gone files in a folder of the library now. */
  refresh(itemId: string, signal?: AbortSignal): Promise<void>;
  /** Tells of a new file by Jellyfin's own name for it; the server looks about a minute later. */
  announceFile(path: string, signal?: AbortSignal): Promise<void>;
  /** The version of Jellyfin's plugin "MediaSegments API", undefined where it is not installed. */
  segmentsPlugin(signal?: AbortSignal): Promise<string | undefined>;
  /** Stored segments of an item, of whatever plugin; undefined where Jellyfin knows no such item, or no segments (before 10.10). */
  segments(itemId: string, signal?: AbortSignal): Promise<MediaSegments | undefined>;
  /** Stores one, by that plugin, under the id that it has. */
  addSegment(segment: OwnSegment, signal?: AbortSignal): Promise<void>;
  removeSegment(id: string, signal?: AbortSignal): Promise<void>;
  /** Makes the server probe an item that it has not probed (a `.strm`): it gets runtime and streams. */
  probe(itemId: string, signal?: AbortSignal): Promise<void>;
}

interface JellyfinItemPage {
  readonly items: readonly JellyfinItem[];
  readonly total: number;
}
