import { writeFile } from "node:fs/promises";
import { runFfmpeg } from "@upreel/testkit";
import { BEEP, BITS, LEVELS, picturesIn } from "./film-content.ts";
import type { FilmSpec, PieceSpec } from "./film-spec.ts";

/** The same for ffmpeg's `setpts`, of picture N. */
function timeExpression({ pace }: FilmSpec): string {
  switch (pace.kind) {
    case "constant":
    case "gaps":
      return `N/(${pace.rate})`;
    case "change":
      return `if(lt(N,${pace.count}),N/${pace.first},${pace.count / pace.first}+(N-${pace.count})/${pace.next})`;
    case "telecine":
      return "(floor(N/2)*5+mod(N,2)*2)*1001/60000";
  }
}

/** Makes one piece of `spec`, whose pictures are numbered from `first` on, in `file`. */
export async function pieceArguments(
  spec: FilmSpec,
  piece: PieceSpec,
  first: number,
  folder: string,
  file: string,
): Promise<string[]> {
  const { sound, extras } = spec;
  const hasSubtitles = extras.includes("subtitles");
  const hasCover = extras.includes("cover");
  if (hasSubtitles)
    await writeFile(`${folder}/film.srt`, "1\n00:00:01,000 --> 00:00:01,500\none\n");
  if (hasCover)
    await runFfmpeg([
      "-f",
      "lavfi",
      "-i",
      "color=red:s=32x32",
      "-frames:v",
      "1",
      `${folder}/cover.png`,
    ]);
  const inputs = [
    ...(hasSubtitles ? [["-i", `${folder}/film.srt`]] : []),
    ["-f", "lavfi", "-i", pictureSource(spec, piece, first)],
    ...(sound === undefined ? [] : [["-f", "lavfi", "-i", soundSource(spec, piece)]]),
    ...(hasCover ? [["-i", `${folder}/cover.png`]] : []),
  ];
  const of = (isSubtitle: 0 | 1): number => (hasSubtitles ? isSubtitle : 0);
  const picture = of(1);
  const maps = [
    ...(hasCover ? ["-map", String(inputs.length - 1)] : []),
    ...(hasSubtitles ? ["-map", "0"] : []),
    ...["-map", String(picture)],
    ...(sound === undefined ? [] : ["-map", String(picture + 1)]),
    ...(sound !== undefined && extras.includes("second sound")
      ? ["-map", String(picture + 1)]
      : []),
  ];
  const film = hasCover ? 1 : 0;
  return [
    ...inputs.flat(),
    ...maps,
    ...(hasCover ? ["-c:v:0", "png", "-disposition:v:0", "attached_pic"] : []),
    ...(hasSubtitles ? ["-c:s", spec.container === "mp4" ? "mov_text" : "srt"] : []),
    ...pictureOptions(spec, film),
    ...soundOptions(spec, piece),
    // Each packet of sound under a time of its own: else a hole in the midst of some is lost.
    ...(spec.container === "ts" ? ["-pes_payload_size", "0"] : []),
    ...(piece.clockSeconds > 0 ? ["-output_ts_offset", String(piece.clockSeconds)] : []),
    file,
  ];
}

function pictureSource(
  spec: FilmSpec,
  { width, height, seconds }: PieceSpec,
  first: number,
): string {
  const [columns, rows] = [BITS.columns, BITS.rows];
  const bit = `floor(X/${width / columns})+${columns}*floor(Y/${height / rows})`;
  const luma = `if(mod(floor((N+${first})/pow(2,${bit})),2),${LEVELS.one},${LEVELS.zero})`;
  const geq = `geq=lum='${luma}':cb=${LEVELS.blue}:cr=${LEVELS.red}`;
  const rate = spec.pace.kind === "constant" || spec.pace.kind === "gaps" ? spec.pace.rate : "60";
  const kept = keptExpression(spec);
  // Each picture carries its number; which times they have is set afterwards.
  return [
    `nullsrc=s=${width}x${height}:r=${rate}:d=${seconds + 5},format=yuv420p`,
    `trim=end_frame=${picturesIn(spec, { width, height, seconds } as PieceSpec)}`,
    geq,
    `settb=1/90000`,
    `setpts='round((${timeExpression(spec)})/TB)'`,
    ...(kept === undefined ? [] : [`select='${kept}'`]),
    `setparams=range=${spec.range}:colorspace=${spec.matrix}`,
  ].join(",");
}

function keptExpression({ pace, hole }: FilmSpec): string | undefined {
  const parts = [
    ...(hole === undefined ? [] : [`not(gte(t,${hole[0]})*lt(t,${hole[1]}))`]),
    ...(pace.kind === "gaps" ? [`not(eq(mod(n,${pace.every}),2))`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join("*");
}

function pictureOptions(spec: FilmSpec, track: number): string[] {
  const isConstant = spec.pace.kind === "constant" && spec.hole === undefined;
  const codec =
    spec.codec === "libx264" ? ["-preset", "ultrafast", "-qp", "2"] : ["-q:v", "2", "-qmin", "1"];
  return [
    ...[`-c:v:${track}`, spec.codec, ...codec, "-g", String(spec.keyFrameEvery)],
    ...["-bf", String(spec.bFrames), "-fps_mode", isConstant ? "cfr" : "passthrough"],
    ...(isConstant && "rate" in spec.pace ? ["-r", spec.pace.rate] : []),
    ...(isConstant ? [] : ["-enc_time_base", "1:90000"]),
    ...["-color_range", spec.range, "-colorspace", spec.matrix],
  ];
}

function soundSource({ sound }: FilmSpec, { seconds }: PieceSpec): string {
  const { sampleRate = 48_000, longerSeconds = 0 } = sound ?? {};
  const isOn = `lt(mod(t-${BEEP.first}+10,${BEEP.every}),${BEEP.seconds})`;
  return `aevalsrc='0.4*sin(2*PI*1000*t)*${isOn}':s=${sampleRate}:d=${seconds + longerSeconds}`;
}

/** Of codecs whose packets all have the same length. */
const PACKET_SAMPLES: Readonly<Record<string, number>> = {
  ...{ aac: 1024, ac3: 1536, mp2: 1152, libmp3lame: 1152, libopus: 960 },
};

function soundOptions({ sound }: FilmSpec, { channels }: PieceSpec): string[] {
  if (sound === undefined) return [];
  const isTwoAtMost = sound.codec === "mp2" || sound.codec === "libmp3lame";
  // By number: of what their times count, ffmpeg 5 has another notion here than its muxers have.
  const samples = PACKET_SAMPLES[sound.codec];
  const numbers =
    samples === undefined
      ? []
      : (sound.hole?.map((at) =>
          Math.round(((at - sound.lateSeconds) * sound.sampleRate) / samples),
        ) ?? []);
  const hole =
    numbers.length === 0 ? [] : ["-bsf:a", `noise=drop='between(n,${numbers[0]},${numbers[1]})'`];
  return [
    ...["-c:a", sound.codec, "-ac", String(isTwoAtMost ? Math.min(2, channels) : channels)],
    // Not at its source, whose first time ffmpeg would take for zero.
    ...(sound.lateSeconds > 0 ? ["-af", `atrim=start=${sound.lateSeconds}`] : []),
    ...hole,
  ];
}
