import { api, deviceId, playbackManagerHere } from "./client.js";
import { askSituation, order } from "./gateway.js";

const TICKS_PER_MS = 10_000;

/** Plays `upscaled` or `original` from here on, at the same place. */
export const switchTo = (shows) => playAfter("choice", { shows });
/** Plays the upscaled film in this quality from here on, and those that come. */
export const playIn = (quality) => playAfter("quality", { quality });

async function playAfter(what, wish) {
  const now = await askSituation();
  if (now === null) return;
  await order(what, wish);
  const playbackManager = playbackManagerHere();
  if (playbackManager) return playAgain(playbackManager);
  return askSessionToPlay(now);
}

/** The same item at the same place, with its sound and subtitles. */
function playAgain(playbackManager) {
  const player = playbackManager.getCurrentPlayer();
  const item = playbackManager.currentItem(player);
  const source = playbackManager.currentMediaSource(player);
  return playbackManager.play({
    ids: [item.Id],
    serverId: item.ServerId,
    startPositionTicks: Math.round(playbackManager.currentTime(player) * TICKS_PER_MS),
    mediaSourceId: source.Id,
    audioStreamIndex: playbackManager.getAudioStreamIndex(player),
    subtitleStreamIndex: playbackManager.getSubtitleStreamIndex(player),
  });
}

/** Without the client's own parts: by remote control of itself. */
async function askSessionToPlay({ item_id: itemId }) {
  const sessions = await api().getSessions({ DeviceId: deviceId() });
  const session = sessions.find(({ NowPlayingItem }) => NowPlayingItem !== undefined);
  if (session === undefined) throw new Error("Jellyfin does not know what is played here");
  const { PositionTicks, MediaSourceId, AudioStreamIndex, SubtitleStreamIndex } =
    session.PlayState ?? {};
  return api().sendPlayCommand(session.Id, {
    PlayCommand: "PlayNow",
    ItemIds: itemId,
    StartPositionTicks: PositionTicks ?? 0,
    MediaSourceId,
    AudioStreamIndex,
    SubtitleStreamIndex,
  });
}
