/** How an RFC 6381 name or ffmpeg's name of a codec begins, and what people call it. */
const NAMES = [
  [/^(hvc1|hev1|hevc)/, "HEVC"],
  [/^(dvh1|dvhe|dav1|dva1)/, "Dolby Vision"],
  [/^(avc\d|h264)/, "H.264"],
  [/^av(01|1)/, "AV1"],
  [/^vp0?9/, "VP9"],
  [/^vp0?8/, "VP8"],
  [/^(mp4v\.6a|mpeg1video)/i, "MPEG-1"],
  [/^(mp4v\.6|mpeg2video)/, "MPEG-2"],
  [/^mp(4v|eg4)/, "MPEG-4 Part 2"],
  [/^(ac-3|ec-3|e?ac3)/, "Dolby Digital"],
] as const;

/** `HEVC (hvc1.1.6.L93.90)`: what people call a codec, with the exact name where that says more. */
export function codecTitle(name: string): string {
  const title = NAMES.find(([start]) => start.test(name))?.[1];
  if (title === undefined) return name;
  return name.includes(".") ? `${title} (${name})` : title;
}

/** Of the codecs of a playlist (`hvc1.1.6.L93.90,mp4a.40.2`) the first one that cannot be played. */
export function firstUnplayable(
  codecs: string,
  canPlay: (mimeType: string) => boolean,
): string | undefined {
  const names = codecs.split(",").map((name) => name.trim());
  const isPlayable = (name: string): boolean =>
    ["video", "audio"].some((kind) => canPlay(`${kind}/mp4; codecs="${name}"`));
  return names.find((name) => !isPlayable(name)) ?? names[0];
}
