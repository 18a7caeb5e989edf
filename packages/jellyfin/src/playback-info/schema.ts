import { z } from "zod";

/** Clients send indexes as numbers and, jellyfin-web at the first call, as text. */
const requestIndex = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^-?\d+$/)
      .transform(Number),
  ])
  .nullish();
const index = z.int().nullish();
const flag = z.boolean().nullish();
const amount = z.number().nullish();
const text = z.string().nullish();

const conditionSchema = z.looseObject({ Condition: text, Property: text, Value: text });
const manyOf = <T extends z.ZodType>(schema: T) => z.array(schema).nullish();

const deviceProfileSchema = z.looseObject({
  MaxStreamingBitrate: amount,
  TranscodingProfiles: manyOf(
    z.looseObject({
      Type: text,
      Protocol: text,
      VideoCodec: text,
      AudioCodec: text,
      Container: text,
      MaxAudioChannels: text,
    }),
  ),
  CodecProfiles: manyOf(
    z.looseObject({
      Type: text,
      Codec: text,
      Conditions: manyOf(conditionSchema),
      ApplyConditions: manyOf(conditionSchema),
    }),
  ),
  SubtitleProfiles: manyOf(z.looseObject({ Format: text, Method: text })),
});
/** What a client says it can play; Jellyfin's DeviceProfile, as far as it matters here. */
export type DeviceProfile = z.infer<typeof deviceProfileSchema>;

/** Body of `POST /Items/{id}/PlaybackInfo` (Jellyfin's PlaybackInfoDto). */
export const playbackRequestSchema = z.looseObject({
  UserId: text,
  StartTimeTicks: amount,
  AudioStreamIndex: requestIndex,
  SubtitleStreamIndex: requestIndex,
  MediaSourceId: text,
  LiveStreamId: text,
  MaxStreamingBitrate: amount,
  MaxAudioChannels: amount,
  IsPlayback: flag,
  EnableDirectPlay: flag,
  EnableDirectStream: flag,
  EnableTranscoding: flag,
  AllowVideoStreamCopy: flag,
  AlwaysBurnInSubtitleWhenTranscoding: flag,
  DeviceProfile: deviceProfileSchema.nullish(),
});
export type PlaybackRequest = z.infer<typeof playbackRequestSchema>;

const mediaStreamSchema = z.looseObject({
  Type: z.string(),
  Index: z.int(),
  Codec: text,
  Width: amount,
  RealFrameRate: amount,
  Height: amount,
  Channels: amount,
  VideoRange: text,
  IsExternal: flag,
  IsTextSubtitleStream: flag,
  DeliveryMethod: text,
});
export type MediaStream = z.infer<typeof mediaStreamSchema>;

const mediaSourceSchema = z.looseObject({
  Id: z.string(),
  Path: text,
  Name: text,
  Protocol: text,
  Type: text,
  VideoType: text,
  IsRemote: flag,
  IsInfiniteStream: flag,
  RequiresOpening: flag,
  LiveStreamId: text,
  RunTimeTicks: amount,
  Bitrate: amount,
  TranscodingUrl: text,
  TranscodingSubProtocol: text,
  DefaultAudioStreamIndex: index,
  DefaultSubtitleStreamIndex: index,
  MediaStreams: z.array(mediaStreamSchema),
});
export type MediaSource = z.infer<typeof mediaSourceSchema>;

/** The answer; nothing in it is changed by reading it. Servers of version 10.10 to 12.0 give this shape. */
export const playbackAnswerSchema = z.looseObject({
  MediaSources: z.array(mediaSourceSchema),
  PlaySessionId: z.string().min(1),
});
export type PlaybackAnswer = z.infer<typeof playbackAnswerSchema>;
