import type { AudioTrack, Source } from "@upreel/core";

/**
 * What is found of a source once more of it is read, without what would change the sound that players
 * were told of: a track that was encoded because little was known of it is encoded to its end, in the
 * film and in its renditions, since a segment of another codec would be noise to who plays them.
 */
export function keepSaid(said: Source, found: Source): Source {
  return {
    ...found,
    audio: found.audio.map((track) => {
      const before = said.audio.find(({ index }) => index === track.index);
      return before === undefined ? track : keepCopyable(before, track);
    }),
  };
}

function keepCopyable({ isCopyable }: AudioTrack, track: AudioTrack): AudioTrack {
  const { isCopyable: _, ...rest } = track;
  return isCopyable === undefined ? rest : { ...rest, isCopyable };
}
