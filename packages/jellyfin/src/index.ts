export { parseItemId } from "./item-id.ts";
export {
  PLAY_MODES,
  START_MODES,
  choosePlayMode,
  chooseStart,
  fits,
  parsePlayRules,
  parseStartRules,
  type PlayMode,
  type PlayRule,
  type PlaySituation,
  type StartRule,
} from "./rules/play-rules.ts";
export { chooseWish, parseWishRules, type WishRule } from "./rules/wish-rules.ts";
export { createJellyfinClient, type JellyfinClientOptions } from "./client/client.ts";
export type { ImagePlace, ItemQuery, JellyfinClient, PlayNow } from "./client/jellyfin-client.ts";
export type {
  JellyfinImage,
  JellyfinItem,
  JellyfinLibrary,
  JellyfinServer,
  JellyfinSession,
  JellyfinUser,
} from "./client/schemas.ts";
export { readWebhookBody } from "./webhooks/read-body.ts";
export { readNotification, readTitle, type Notification } from "./webhooks/notification.ts";
export { createPathFinder, type FoundFile, type PathFinder } from "./playing/path-finder.ts";
export { isLostIn, type ChosenTracks, type Sighting } from "./playing/sighting.ts";
export { createWatching, type Watched, type Watching } from "./playing/watching.ts";
export type { Outcome, PlayedFilms, StartedFilm } from "./playing/played-films.ts";
export {
  startSessionPoller,
  type SessionListener,
  type SessionPoller,
} from "./playing/session-poller.ts";
export { readClientIdentity, type ClientIdentity } from "./client-identity.ts";
export {
  decidePlayback,
  type PlaybackCandidate,
  type MoviePicture,
  type PlaybackDecision,
} from "./playback-info/decide.ts";
export { clientRefusal, clientScreen, type MadeStream } from "./playback-info/client-limits.ts";
export { ownStreamUrl } from "./playback-info/own-stream.ts";
export { rewriteAnswer } from "./playback-info/rewrite.ts";
export { readPlaybackRequest, requestWithFlags } from "./playback-info/read-request.ts";
export { isFallbackRetry, type PlayFlags } from "./playback-info/fallback-retry.ts";
export { passReason, type PassCode, type PassReason } from "./playback-info/pass-reason.ts";
export {
  playbackAnswerSchema,
  type PlaybackAnswer,
  type PlaybackRequest,
} from "./playback-info/schema.ts";
export { segmentChanges } from "./media-segments/segment-changes.ts";
export {
  mediaSegmentsSchema,
  mergeSegments,
  wantedSegmentTypes,
} from "./media-segments/merge-segments.ts";
export { parseScanRules, type ScanRule } from "./library/scan-rules.ts";
export { findCandidates, type Candidate } from "./library/find-candidates.ts";
export { fetchPicture } from "./client/fetch-picture.ts";
export { TICKS_PER_SECOND } from "./ticks.ts";
