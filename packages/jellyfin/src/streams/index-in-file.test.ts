import { describe, expect, it } from "vitest";
import { recordedPlayback } from "../testing/recorded.ts";
import { chosenSound, indexInFile } from "./index-in-file.ts";

const stream = (Type: string, Index: number, more: object = {}) => ({ Type, Index, ...more });
const beside = { IsExternal: true };

describe("the index of a stream in its file", () => {
  it("is Jellyfin's own where nothing lies beside the film", () => {
    const streams = [stream("Video", 0), stream("Audio", 1), stream("Audio", 2)];
    expect([0, 1, 2].map((index) => indexInFile(streams, index))).toEqual([0, 1, 2]);
  });

  it("is one less for each stream of a file beside it, as a server gave it", () => {
    const { answer } = recordedPlayback("50-");
    const streams = answer.MediaSources[0]?.MediaStreams ?? [];
    // ffprobe: video 0, English 1, German 2, subtitles 3 and 4.
    expect([0, 1, 2, 3, 4, 5].map((index) => indexInFile(streams, index))).toEqual([
      ...[undefined, 0, 1, 2, 3, 4],
    ]);
  });

  it("counts by Jellyfin's numbers, in whatever order they are listed", () => {
    const streams = [
      stream("Audio", 5),
      stream("Subtitle", 1, beside),
      stream("Video", 3),
      stream("Audio", 2, beside),
      stream("Audio", 4),
      stream("Subtitle", 0, beside),
    ];
    expect([0, 1, 2, 3, 4, 5].map((index) => indexInFile(streams, index))).toEqual([
      ...[undefined, undefined, undefined, 0, 1, 2],
    ]);
  });

  it.each([-1, 9, null, undefined])("is none for %s", (index) => {
    expect(indexInFile([stream("Audio", 0), { Type: "Audio" }], index)).toBeUndefined();
  });
});

describe("the sound that a client has chosen", () => {
  const streams = [stream("Audio", 0, beside), stream("Video", 1), stream("Audio", 2)];

  it("is told by its place in the file", () => {
    expect(chosenSound(streams, 2)).toEqual({ fileIndex: 1 });
  });

  it("is another file's, or of a list that does not hold it", () => {
    expect(chosenSound(streams, 0)).toBe("beside");
    expect(chosenSound([], 2)).toBe("beside");
  });

  it.each([undefined, null, -1])("is the film's own for %s", (index) => {
    expect(chosenSound(streams, index)).toBe("own");
  });
});
