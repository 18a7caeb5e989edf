import { expect, it } from "vitest";
import {
  jellyfinArguments,
  JELLYFIN_VERSIONS,
  type JellyfinOrder,
} from "../../testing/jellyfin-arguments.ts";
import { readOptions, writeOptions } from "./ffmpeg-options.ts";
import { readHlsCommand } from "./hls-command.ts";
import { plainArguments, upscaledArguments } from "./upscaled-arguments.ts";

const PICTURES = {
  offsetSeconds: -10,
  zeroSeconds: 0.08,
  frameRate: "24000/1001",
  sourceSize: { width: 640, height: 360 },
  size: { width: 1280, height: 720 },
};
const asked = {
  path: "/films/A film, part 1.mkv",
  folder: "/cache/transcodes",
  ...{ seekSeconds: 600, firstSegment: 200 },
};

function read(words: readonly string[]) {
  const command = readHlsCommand(words);
  if ("whyNot" in command) throw new Error(command.whyNot);
  return command;
}

it.each(JELLYFIN_VERSIONS)("reads what Jellyfin %s orders, by its names", (version) => {
  for (const container of ["mpegts", "fmp4"] as const) {
    const words = jellyfinArguments({ ...asked, version, container });
    expect(writeOptions(readOptions(words))).toEqual(words);
    expect(read(words)).toMatchObject({
      ...{ path: asked.path, seekSeconds: 600, segmentSeconds: 3, firstSegment: 200 },
      segmentPath: `/cache/transcodes/0123abcd%d.${container === "fmp4" ? "mp4" : "ts"}`,
      ...{ encoder: "libx264", inputCount: 1 },
    });
  }
});

it.each(JELLYFIN_VERSIONS)("changes nothing of %s but where the picture comes from", (version) => {
  const words = jellyfinArguments({ ...asked, version, container: "fmp4" });
  const made = upscaledArguments(read(words), PICTURES);
  const text = made.join(" ");
  expect(text).toContain(
    "-f mpegts -itsoffset -10.000000 -analyzeduration 1000000 -probesize 2000000 -i pipe:3 ",
  );
  expect(text).toContain("-map 1:v:0 -r:v 24000/1001 -map 0:1 -map -0:s ");
  expect(text).toContain("-vf trim=start=600.078000,format=yuv420p ");
  expect(text).not.toContain("-noaccurate_seek");
  // Reckoned for four times the area.
  expect(text).toContain("-maxrate 2828427 -bufsize 5656854 ");
  const rest = (from: readonly string[]) => from.slice(from.indexOf("-codec:a:0"));
  expect(rest(made)).toEqual(rest(words));
});

it("keeps within the size and the rate of a client that asked for less", () => {
  const filter = String.raw`setparams=color_primaries=bt709,scale=trunc(min(max(iw\,ih*a)\,1280)/2)*2:trunc(ow/a/2)*2,format=yuv420p`;
  const words = jellyfinArguments({ ...asked, version: "10.11", container: "mpegts", filter });
  const text = upscaledArguments(read(words), PICTURES).join(" ");
  expect(text).toContain(
    String.raw`-vf trim=start=600.078000,scale=trunc(min(max(iw\,ih*a)\,1280)/2)*2:trunc(ow/a/2)*2,format=yuv420p `,
  );
  expect(text).toContain("-maxrate 1000000 ");
});

it("encodes in software what hardware would have made of the source", () => {
  const words = jellyfinArguments({
    ...{ ...asked, version: "10.10", container: "mpegts" },
    hardware: "vaapi",
    filter: "setparams=color_primaries=bt709,scale_vaapi=w=1280:h=720:format=nv12",
  });
  const text = upscaledArguments(read(words), PICTURES).join(" ");
  expect(text).not.toMatch(/vaapi|hwaccel|rc_mode/);
  expect(text).toContain("-codec:v:0 libx264 ");
  expect(text).toContain("scale=w=1280:h=720:force_original_aspect_ratio=decrease");
  expect(text).toContain("-force_key_frames:0 expr:gte(t,n_forced*3) ");
});

it("keeps encoders that take pictures from memory, with all that was meant for them", () => {
  const textOf = (change: Partial<JellyfinOrder>) => {
    const order = { ...asked, version: "10.11", container: "fmp4", ...change } as const;
    return upscaledArguments(read(jellyfinArguments(order)), PICTURES).join(" ");
  };
  expect(textOf({ encoder: "libx265" })).toMatch(
    /-codec:v:0 libx265 -vf \S+ -tag:v:0 hvc1 -preset veryfast -crf 28 .*-x265-params:0 no-scenecut=1:no-open-gop=1:no-info=1 -force_key_frames:0 /,
  );
  const filter = "setparams=color_primaries=bt709,scale_cuda=w=1280:h=720:format=yuv420p";
  const onCuda = textOf({ hardware: "cuda", filter });
  expect(onCuda).toMatch(
    /-codec:v:0 h264_nvenc -vf \S+ -preset p1 -b:v 1000000 .*-g:v:0 72 -keyint_min:v:0 72 /,
  );
  expect(onCuda).not.toMatch(/hwaccel|init_hw_device|scale_cuda/);
});

it("maps tones of no picture that Upreel has mapped, and of each that it makes without", () => {
  const tones = "tonemapx=tonemap=bt2390:desat=0:peak=100:t=bt709:m=bt709:p=bt709:format=yuv420p";
  const order = { ...asked, version: "10.11", container: "mpegts" } as const;
  const filter = `setparams=color_primaries=bt2020:color_trc=smpte2084,${tones}`;
  const command = read(jellyfinArguments({ ...order, filter }));
  expect(upscaledArguments(command, PICTURES).join(" ")).not.toContain("tonemapx");
  expect(plainArguments(command, 204, PICTURES.size).join(" ")).toContain(
    `smpte2084,${tones},scale=`,
  );
});

it.each(JELLYFIN_VERSIONS)(
  "sound that %s copies begins with the picture, with Upreel and without",
  (version) => {
    const order = { ...asked, version, container: "mpegts", audio: "copy" } as const;
    const words = jellyfinArguments(order);
    const soundOf = (made: readonly string[]) =>
      made.slice(made.indexOf("-codec:a:0"), made.indexOf("-copyts"));
    const [codec, copy, ...rest] = soundOf(words);
    const cut = [codec, copy, "-copypriorss:a:0", "0", ...rest];
    expect(soundOf(upscaledArguments(read(words), PICTURES))).toEqual(cut);
    expect(soundOf(plainArguments(read(words), 204, PICTURES.size))).toEqual(cut);
    // Where a server says it itself, nothing is said twice.
    words.splice(words.indexOf("-copyts"), 0, "-copypriorss:a:0", "0");
    expect(soundOf(upscaledArguments(read(words), PICTURES))).toEqual(soundOf(words));
  },
);

it("goes on without Upreel from a later segment, in the same size", () => {
  const words = jellyfinArguments({ ...asked, version: "10.11", container: "fmp4" });
  const text = plainArguments(read(words), 204, { width: 1280, height: 720 }).join(" ");
  expect(text).toMatch(/-ss 612\.000 .*-i file:\/films\/A film, part 1\.mkv /);
  expect(text).toContain("-start_number 204 ");
  expect(text).toContain("scale=1280:720:flags=lanczos,");
  expect(text).toContain("-map 0:0 -map 0:1 ");
});

it("seeks sound in a file of its own as it seeks the film", () => {
  const words = jellyfinArguments({ ...asked, version: "10.11", container: "mpegts" });
  const at = words.indexOf("-map_metadata");
  const both = words.toSpliced(at, 0, "-ss", "00:10:00.000", "-i", "file:/films/sound.ac3");
  expect(upscaledArguments(read(both), PICTURES).join(" ")).toContain("-map 2:v:0 ");
  const text = plainArguments(read(both), 204, { width: 1280, height: 720 }).join(" ");
  expect(text.match(/-ss 612\.000 /g)).toHaveLength(2);
  const begun = jellyfinArguments({
    ...{ ...asked, version: "10.11", container: "mpegts" },
    ...{ seekSeconds: 0, firstSegment: 0 },
  });
  expect(plainArguments(read(begun), 2, { width: 4, height: 4 }).join(" ")).toMatch(/^-ss 6\.000 /);
});

it.each([
  ["a copied picture", { encoder: "copy" }, "its picture is copied"],
  ["AV1", { encoder: "libsvtav1" }, "the encoder libsvtav1"],
  ["HEVC by hardware that needs its own pictures", { encoder: "hevc_qsv" }, "the encoder hevc_qsv"],
  [
    "subtitles in the picture",
    { filter: "format=yuv420p,subtitles=f='/a, b.srt':si=0" },
    "subtitles are drawn into its picture",
  ],
  ["a filter that is not known", { filter: "hqdn3d" }, "the filter hqdn3d"],
  ["live TV", { playlistType: "event" }, "a playlist of the type event"],
  ["another input", { input: "http://tuner/1" }, "its input is no file: http://tuner/1"],
])("leaves %s to the real ffmpeg", (_name, change, whyNot) => {
  const words = jellyfinArguments({
    ...{ ...asked, version: "10.11", container: "mpegts" },
    ...change,
  });
  expect(readHlsCommand(words)).toEqual({ whyNot });
});

it("leaves alone what is no transcode, and what it cannot read", () => {
  expect(readHlsCommand(["-version"])).toEqual({ whyNot: "it makes no HLS" });
  expect(readHlsCommand([])).toEqual({ whyNot: "it makes no HLS" });
  const moved = jellyfinArguments({ ...asked, version: "10.11", container: "mpegts" });
  moved.splice(moved.indexOf("-copyts"), 0, "-start_at_zero");
  expect(readHlsCommand(moved)).toEqual({ whyNot: "its clock is moved" });
  const words = jellyfinArguments({ ...asked, version: "12.0", container: "mpegts" });
  const odd = words.map((word) => (word === "00:10:00.000" ? "ten minutes" : word));
  expect(readHlsCommand(odd)).toEqual({ whyNot: "options of a form that is not known" });
});
