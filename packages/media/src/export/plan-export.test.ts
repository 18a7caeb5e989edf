import type { Source, Timeline } from "@upreel/core";
import { expect, test } from "vitest";
import { planExport, type ExportRequest } from "./plan-export.ts";

const timeline: Timeline = {
  ...{ zeroMicros: 1_400_000, rate: { num: 25, den: 1 }, frameCount: 500, framesPerSegment: 50 },
};
const sound = { codec: "ac3", channels: 6, sampleRate: 48_000, isDefault: true };
const words = { codec: "subrip", isDefault: false, isForced: true, language: "fra" };
const source = {
  ...{ path: "/films/a.ts", format: "mpegts", chapters: [] },
  audio: [
    { ...sound, index: 1, language: "eng" },
    { ...sound, index: 2, isDefault: false, isAside: true, title: "Talk" },
  ],
  subtitles: [{ ...words, index: 3 }],
} as unknown as Source;
const request: ExportRequest = {
  ...{ source, timeline, archive: "/data/a.ts", format: "mkv", target: "/out/a.mkv" },
  ...{ chapters: "/data/chapters.txt", laid: { sounds: undefined, subtitles: undefined } },
};

/** Files in the order of ffmpeg's inputs, and what is mapped of them. */
function read({ args }: ReturnType<typeof planExport>) {
  const after = (option: string): (string | undefined)[] =>
    args.flatMap((arg, i) => (arg === option ? [args[i + 1]] : []));
  return { inputs: after("-i"), maps: after("-map"), chapters: after("-map_chapters") };
}

test("tracks are copied from the source, the pictures from the finished film", () => {
  const plan = planExport(request);
  expect(read(plan)).toEqual({
    inputs: ["file:/data/a.ts", "file:/films/a.ts", "file:/data/chapters.txt"],
    maps: ["0:v:0", "1:1", "1:2", "1:3", "1:t?"],
    chapters: ["2"],
  });
  expect(plan.leftOut).toEqual([]);
  expect(plan.args.join(" ")).toContain("-itsoffset -1.399999");
  // Nothing that is shown behind the last picture makes the film longer.
  expect(plan.args.join(" ")).toContain("-to 20.000000");
});

test("tracks that were laid come from their files, by the names that the source gives them", () => {
  const laid = {
    sounds: [1, 2].map((index) => ({
      ...{ index, codec: "aac", input: ["-i", `file:/data/sound-${index}.ts`], place: 0 },
    })),
    subtitles: [{ index: 3, codec: "subrip", input: ["-i", "file:/data/words"], place: 1 }],
  };
  const plan = planExport({ ...request, laid });
  expect(read(plan)).toEqual({
    inputs: [
      ...["file:/data/a.ts", "file:/films/a.ts", "file:/data/sound-1.ts", "file:/data/sound-2.ts"],
      ...["file:/data/words", "file:/data/chapters.txt"],
    ],
    maps: ["0:v:0", "2:0", "3:0", "4:1", "1:t?"],
    chapters: ["5"],
  });
  const text = plan.args.join(" ");
  expect(text).toContain("-metadata:s:a:0 language=eng -disposition:a:0 default");
  expect(text).toContain("-metadata:s:a:1 title=Talk -disposition:a:1 comment");
  expect(text).toContain("-metadata:s:s:0 language=fra -disposition:s:0 forced");
});

test("a track that could not be laid is told of, and not taken from another clock", () => {
  const plan = planExport({ ...request, laid: { sounds: [], subtitles: [] } });
  expect(read(plan).maps).not.toContain("1:1");
  expect(plan.leftOut).toEqual([
    "sound 1 (eng): the file does not say how it sounds",
    "sound 2: the file does not say how it sounds",
    "subtitles 3 (fra): they could not be read",
  ]);
});
