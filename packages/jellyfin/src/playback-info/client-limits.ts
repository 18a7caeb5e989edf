import { bitrateLimit, kbps } from "./refusals.ts";
import { passReason, type PassReason } from "./pass-reason.ts";
import type { PlaybackRequest } from "./schema.ts";

/** A stream as it is really made. */
export interface MadeStream {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  /** Of the segments made so far; undefined: none yet. */
  readonly bitsPerSecond: number | undefined;
}

/** Why this client cannot, or does not want to, play this stream; undefined when it can. */
export function clientRefusal(
  request: PlaybackRequest,
  stream: MadeStream,
): PassReason | undefined {
  const limit = bitrateLimit(request);
  if ((stream.bitsPerSecond ?? 0) > limit)
    return passReason(
      "client_bitrate",
      `the client wants at most ${kbps(limit)}, the upscaled stream has ${kbps(stream.bitsPerSecond ?? 0)}`,
    );
  for (const { name, limit: most, value } of pictureLimits(request, stream)) {
    if (value > most)
      return passReason(
        "client_picture_limit",
        `the client takes H.264 up to ${name} ${most}, the upscaled stream has ${value}`,
      );
  }
  return undefined;
}

/** Screens that films are made for, in lines: few, so that clients share what is made. */
const SCREENS = [2160, 1440, 1080, 720, 576, 480, 360] as const;

/** Lines of the largest screen whose pictures this client takes; undefined: any. */
export function clientScreen(
  request: PlaybackRequest,
  framesPerSecond: number,
): number | undefined {
  const takes = (lines: number): boolean => {
    const width = Math.round((lines * 16) / 9);
    const stream = { width, height: lines, framesPerSecond, bitsPerSecond: undefined };
    return clientRefusal(request, stream) === undefined;
  };
  return takes(SCREENS[0]) ? undefined : (SCREENS.find(takes) ?? SCREENS[SCREENS.length - 1]);
}

function pictureLimits(
  { DeviceProfile: profile }: PlaybackRequest,
  { width, height, framesPerSecond, bitsPerSecond = 0 }: MadeStream,
): readonly { name: string; limit: number; value: number }[] {
  const values: Readonly<Record<string, number>> = {
    Width: width,
    Height: height,
    VideoLevel: h264Level(width, height, framesPerSecond),
    VideoFramerate: Math.round(framesPerSecond * 100) / 100,
    VideoBitrate: Math.round(bitsPerSecond),
  };
  return (profile?.CodecProfiles ?? [])
    .filter(
      ({ Type, Codec, ApplyConditions }) =>
        Type === "Video" &&
        (ApplyConditions ?? []).length === 0 &&
        (!Codec || Codec.toLowerCase().split(",").includes("h264")),
    )
    .flatMap(({ Conditions }) => Conditions ?? [])
    .flatMap(({ Condition, Property, Value }) => {
      const name = Property ?? "";
      const value = values[name];
      const limit = Number(Value);
      const isLimit = Condition === "LessThanEqual" && value !== undefined && limit > 0;
      return isLimit ? [{ name, limit, value }] : [];
    });
}

/** Table A-1 of H.264: level times ten, macroblocks a second, macroblocks in a picture. */
const LEVELS = [
  [30, 40_500, 1_620],
  [31, 108_000, 3_600],
  [32, 216_000, 5_120],
  [40, 245_760, 8_192],
  [42, 522_240, 8_704],
  [50, 589_824, 22_080],
  [51, 983_040, 36_864],
  [52, 2_073_600, 36_864],
  [60, 4_177_920, 139_264],
  [61, 8_355_840, 139_264],
] as const;

/** The lowest level (30: 3.0) that allows the picture at this rate; what encoders write. */
function h264Level(width: number, height: number, framesPerSecond: number): number {
  const blocks = Math.ceil(width / 16) * Math.ceil(height / 16);
  const fitting = LEVELS.find(
    ([, perSecond, perPicture]) => blocks <= perPicture && blocks * framesPerSecond <= perSecond,
  );
  return fitting?.[0] ?? 62;
}
