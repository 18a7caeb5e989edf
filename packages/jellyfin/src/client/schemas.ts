import { z } from "zod";
import { parseItemId } from "../item-id.ts";

const text = z.string().nullish();
const amount = z.number().nullish();
const flag = z.boolean().nullish();

/** An id of Jellyfin, bare and in lower case. */
const id = z.string().transform((given, context) => {
  const bare = parseItemId(given);
  if (bare !== undefined) return bare;
  context.addIssue({ code: "custom", message: "expected 32 hex digits" });
  return z.NEVER;
});
const optionalId = id.nullish().catch(undefined);

const streamSchema = z.looseObject({
  Type: z.string(),
  Index: amount,
  IsExternal: flag,
  IsDefault: flag,
  Width: amount,
  Height: amount,
  VideoRange: text,
});

/** Jellyfin's BaseItemDto, as far as it matters here; the same in 10.10, 10.11 and 12.0. */
const itemSchema = z.looseObject({
  Id: id,
  Name: text,
  Type: text,
  Path: text,
  RunTimeTicks: amount,
  SeriesId: optionalId,
  SeriesName: text,
  ParentIndexNumber: amount,
  IndexNumber: amount,
  DateCreated: text,
  /** The tags of its pictures. A picture that is replaced gets a new tag. */
  ImageTags: z.looseObject({ Primary: text }).nullish().catch(undefined),
  Width: amount,
  Height: amount,
  MediaStreams: z.array(streamSchema).nullish(),
  MediaSources: z
    .array(z.looseObject({ Id: text, Path: text, Protocol: text, IsRemote: flag, Size: amount }))
    .nullish(),
  UserData: z
    .looseObject({
      Played: flag,
      IsFavorite: flag,
      PlaybackPositionTicks: amount,
      PlayCount: amount,
      LastPlayedDate: text,
    })
    .nullish(),
});
export type JellyfinItem = z.infer<typeof itemSchema>;

export const itemPageSchema = z.object({
  Items: z.array(itemSchema),
  TotalRecordCount: z.int().nonnegative(),
});

/** Jellyfin's SessionInfoDto. */
export const sessionSchema = z.looseObject({
  Id: z.string(),
  UserId: optionalId,
  UserName: text,
  Client: text,
  DeviceId: text,
  DeviceName: text,
  LastPlaybackCheckIn: text,
  SupportsRemoteControl: flag,
  // An odd item is not one to upscale; the other sessions are told of all the same.
  NowPlayingItem: itemSchema.nullish().catch(undefined),
  PlayState: z
    .looseObject({
      PositionTicks: amount,
      IsPaused: flag,
      MediaSourceId: text,
      AudioStreamIndex: amount,
      SubtitleStreamIndex: amount,
      PlayMethod: text,
    })
    .nullish(),
});
export type JellyfinSession = z.infer<typeof sessionSchema>;

export const userSchema = z.looseObject({ Id: id, Name: z.string() });
export type JellyfinUser = z.infer<typeof userSchema>;

export const librarySchema = z.looseObject({
  Name: z.string(),
  ItemId: id,
  CollectionType: text,
  Locations: z.array(z.string()),
});
export type JellyfinLibrary = z.infer<typeof librarySchema>;

export const serverSchema = z.looseObject({ Version: z.string(), ServerName: text, Id: text });
export type JellyfinServer = z.infer<typeof serverSchema>;

/** Jellyfin's ImageInfo. */
export const imageSchema = z.looseObject({
  /** `Primary`, `Backdrop`, `Logo` … */
  ImageType: z.string(),
  /** Among several of its kind. */
  ImageIndex: amount,
  /** Another picture has another one. */
  ImageTag: text,
  Width: amount,
  Height: amount,
});
export type JellyfinImage = z.infer<typeof imageSchema>;
