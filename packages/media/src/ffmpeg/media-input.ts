/**
 * Demuxers that films are opened with. All others are refused before they read more than it takes to
 * know them: playlists (HLS, DASH, concat, SDP) name other files, and most of ffmpeg's three hundred
 * are for games of the nineties.
 */
const FILM_FORMATS = [
  ...["matroska", "webm", "mov", "avi", "mpegts", "mpeg", "flv", "live_flv", "asf", "asf_o", "ogg"],
  ...["mxf", "gxf", "nut", "nuv", "rm", "wtv", "dv", "dhav", "pva", "yuv4mpegpipe"],
  // Pictures without a container.
  ...["h264", "hevc", "vvc", "mpegvideo", "m4v", "vc1", "vc1test", "ivf", "obu", "av1", "dirac"],
];

/** Demuxers of the sounds and subtitles that lie beside a film. */
const SIDECAR_FORMATS = [
  ...["srt", "ass", "webvtt", "sami", "sup", "vobsub", "mpeg", "matroska", "webm", "mov", "ogg"],
  ...["ac3", "eac3", "dts", "dtshd", "truehd", "mp3", "flac", "aac", "wav"],
];

/**
 * Whether a film lies with the gateway that ordered its run, and is read from there by HTTP. Paths of films on this
 * machine begin with a slash.
 */
export const isOnGateway = (path: string): boolean => /^https?:\/\//.test(path);

/** `file:` in front, so that a name with a colon or a leading dash stays a name. */
export const fileUrl = (path: string): string => (isOnGateway(path) ? path : `file:${path}`);

const only = (protocols: string, formats: readonly string[] = FILM_FORMATS): string[] => [
  ...["-protocol_whitelist", protocols, "-format_whitelist", formats.join(",")],
];

/** Options of an input, for ffmpeg and ffprobe: only local files, only films. */
export const FILM_ONLY: readonly string[] = only("file");

const GATEWAY = "http,https,tcp,tls";
/** After an interruption the connection is tried again for a few seconds, also when a seek opens it anew. */
const PATIENT = [
  ...["-reconnect", "1", "-reconnect_on_network_error", "1", "-reconnect_delay_max", "2"],
  ...["-rw_timeout", "10000000"],
];

/** The same for a file beside a film. */
export const SIDECAR_ONLY: readonly string[] = only("file", SIDECAR_FORMATS);

export const sidecarInput = (path: string): string[] => [...SIDECAR_ONLY, "-i", fileUrl(path)];

/** A file that Upreel itself wrote, in a format that films do not come in. */
export const ownInput = (
  path: string,
  format: string,
  inside: readonly string[] = [],
): string[] => [...only("file", [format, ...inside]), ...["-f", format, "-i", fileUrl(path)]];

/** Pictures or sound that a filter of ffmpeg generates, in place of a file. */
export const generatedInput = (filter: string): string[] => ["-f", "lavfi", "-i", filter];

/**
 * The one way in which a film, an archive or any other file that may be somebody else's becomes an
 * input of ffmpeg. `options` are of this input (`-ss`, `-threads`).
 */
export const filmInput = (path: string, ...options: readonly string[]): string[] => [
  ...options,
  ...(isOnGateway(path) ? [...only(GATEWAY), ...PATIENT] : FILM_ONLY),
  ...["-i", fileUrl(path)],
];

/**
 * The same for a part of a transport stream: bytes [from, to), read as if they were the whole file. If `to` is 0, the part
 * goes to the end of the file.
 */
export const filmSlice = (
  path: string,
  bytes: { readonly from: number; readonly to: number },
  ...options: readonly string[]
): string[] => [
  ...options,
  ...only(isOnGateway(path) ? `${GATEWAY},subfile` : "file,subfile"),
  ...["-i", `subfile,,start,${bytes.from},end,${bytes.to},,:${fileUrl(path)}`],
];

/** The format that ffmpeg refused since it is not one of films, from what it said. */
export const refusedFormat = (said: string): string | undefined =>
  /^\[(\S+) @ 0x[0-9a-f]+\] Format not on whitelist/m.exec(said)?.[1];

/** Segments that were made here, one after the other by standard input. */
export const OWN_SEGMENTS: readonly string[] = ["-f", "mpegts", "-i", "pipe:0"];
