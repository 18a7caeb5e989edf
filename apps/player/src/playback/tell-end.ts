import type Hls from "hls.js";

/** Sound and pictures of a film end so near to each other. */
const NEAR_SECONDS = 0.1;
/** `HTMLMediaElement.HAVE_CURRENT_DATA`: a picture is there. */
const HAS_PICTURE = 2;

/**
 * Tells the browser that nothing more comes, where all is there from its place to the end of the film and no picture is
 * seen yet. A decoder gives out its last pictures only when it knows that they are the last; hls.js tells that by
 * itself, but where sound is a playlist of its own not before a picture was seen (`AUDIO_TRACK_SWITCHED`). Of a source that
 * is opened in the last moments of a film each waited for the other, for ever.
 */
export function tellEnd(hls: Hls, library: typeof Hls, video: HTMLVideoElement): void {
  hls.on(library.Events.FRAG_BUFFERED, () => {
    const lists = [hls.latestLevelDetails, hls.audioTracks[hls.audioTrack]?.details].filter(
      (list) => list !== undefined && list !== null,
    );
    if (lists.length === 0 || lists.some(({ live }) => live)) return;
    const end = Math.min(...lists.map(({ edge }) => edge));
    if (video.readyState < HAS_PICTURE && hasAllTo(end, video))
      hls.trigger(library.Events.BUFFER_EOS, { type: null });
  });
}

/** Whether nothing is missing from where `video` is to `end`. */
function hasAllTo(
  end: number,
  { buffered, currentTime }: Pick<HTMLVideoElement, "buffered" | "currentTime">,
): boolean {
  const last = buffered.length - 1;
  if (last < 0 || buffered.end(last) < end - NEAR_SECONDS) return false;
  return buffered.start(last) <= currentTime + NEAR_SECONDS;
}
