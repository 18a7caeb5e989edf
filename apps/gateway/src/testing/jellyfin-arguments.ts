export const JELLYFIN_VERSIONS = ["10.10", "10.11", "12.0"] as const;

type Hardware = "vaapi" | "cuda";

export interface JellyfinOrder {
  readonly version: (typeof JELLYFIN_VERSIONS)[number];
  readonly container: "mpegts" | "fmp4";
  readonly path: string;
  readonly folder: string;
  readonly seekSeconds: number;
  readonly firstSegment: number;
  readonly filter?: string;
  readonly encoder?: string;
  readonly hardware?: Hardware;
  readonly playlistType?: string;
  readonly input?: string;
  readonly audio?: "aac" | "copy";
  readonly segmentSeconds?: number;
}

const SDR = "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709,format=yuv420p";

/** What Jellyfin's servers ask of ffmpeg for a transcode to HLS, as their sources have it; one word each. */
export function jellyfinArguments(order: JellyfinOrder): string[] {
  const { version, folder, seekSeconds, segmentSeconds = 3, audio = "aac" } = order;
  const isFmp4 = order.container === "fmp4";
  const end = isFmp4 ? "mp4" : "ts";
  const seek =
    seekSeconds === 0
      ? []
      : ["-ss", clock(seekSeconds), ...(isFmp4 && version !== "12.0" ? ["-noaccurate_seek"] : [])];
  return [
    ...["-analyzeduration", "200M", "-probesize", "1G", ...seek],
    ...(order.hardware === undefined ? [] : HARDWARE[order.hardware].input),
    ...["-i", order.input ?? `file:${order.path}`],
    ...["-map_metadata", "-1", "-map_chapters", "-1", "-threads", "0"],
    ...["-map", "0:0", "-map", "0:1", "-map", "-0:s"],
    ...(order.hardware === undefined
      ? inSoftware(order, segmentSeconds)
      : HARDWARE[order.hardware].encoder),
    ...["-vf", order.filter ?? SDR],
    ...(audio === "copy"
      ? ["-codec:a:0", "copy", ...cutSound(version, seekSeconds)]
      : ["-codec:a:0", "aac", "-ac", "2", "-ab", "128000", "-af", "volume=2"]),
    ...["-copyts", "-avoid_negative_ts", "disabled", "-max_muxing_queue_size", "2048"],
    ...["-f", "hls", "-max_delay", "5000000", "-hls_time", String(segmentSeconds)],
    ...["-hls_segment_type", order.container],
    ...(isFmp4 ? ["-hls_fmp4_init_filename", "0123abcd-1.mp4"] : []),
    ...["-start_number", String(order.firstSegment)],
    ...["-hls_segment_filename", `${folder}/0123abcd%d.${end}`],
    ...["-hls_playlist_type", order.playlistType ?? "vod", "-hls_list_size", "0"],
    ...(isFmp4 && version !== "10.10" ? ["-hls_segment_options", MOVFLAGS[version]] : []),
    ...["-y", `${folder}/0123abcd.m3u8`],
  ];
}

const MOVFLAGS = {
  "10.11": "movflags=+frag_discont",
  "12.0": "movflags=+frag_discont+skip_sidx",
};

/** Packets from before the place that is sought; older servers leave them in. */
const cutSound = (version: JellyfinOrder["version"], seconds: number): string[] =>
  version === "12.0" ? ["-bsf:a", String.raw`noise=drop='lt(pts*tb\,${seconds})'`] : [];

const RATE = ["-maxrate", "1000000", "-bufsize", "2000000"];
const HARDWARE: Readonly<
  Record<Hardware, { readonly input: string[]; readonly encoder: string[] }>
> = {
  vaapi: {
    input: [
      ...["-init_hw_device", "vaapi=va:/dev/dri/renderD128,driver=iHD", "-filter_hw_device", "va"],
      ...["-hwaccel", "vaapi", "-hwaccel_output_format", "vaapi", "-noautorotate"],
    ],
    encoder: [
      ...["-codec:v:0", "h264_vaapi", "-rc_mode", "VBR", "-b:v", "1000000", ...RATE],
      ...["-profile:v:0", "high", "-level", "51"],
      ...["-force_key_frames:0", "expr:gte(t,n_forced*3)"],
    ],
  },
  cuda: {
    input: [
      ...["-init_hw_device", "cuda=cu:0", "-filter_hw_device", "cu"],
      ...["-hwaccel", "cuda", "-hwaccel_output_format", "cuda", "-noautorotate"],
    ],
    // No key frames are forced: groups are as long as a segment.
    encoder: [
      ...["-codec:v:0", "h264_nvenc", "-preset", "p1", "-b:v", "1000000", ...RATE],
      ...["-profile:v:0", "high", "-g:v:0", "72", "-keyint_min:v:0", "72"],
    ],
  },
};

const inSoftware = ({ encoder = "libx264" }: JellyfinOrder, seconds: number): string[] => [
  ...["-codec:v:0", encoder, ...(encoder === "libx265" ? ["-tag:v:0", "hvc1"] : [])],
  ...["-preset", "veryfast", "-crf", encoder === "libx265" ? "28" : "23", ...RATE],
  ...(encoder === "libx265"
    ? ["-x265-params:0", "no-scenecut=1:no-open-gop=1:no-info=1"]
    : [
        ...["-profile:v:0", "high", "-level", "51"],
        ...["-x264opts:0", "subme=0:me_range=16:rc_lookahead=10:me=hex:open_gop=0"],
      ]),
  ...["-force_key_frames:0", `expr:gte(t,n_forced*${seconds})`, "-sc_threshold:v:0", "0"],
];

/** `00:10:00.000` */
const clock = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 23);
