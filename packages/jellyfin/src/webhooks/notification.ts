import { createFields, type Fields } from "./fields.ts";
import { TICKS_PER_SECOND } from "../ticks.ts";

/** A playback event of the webhook plugin, as far as the body tells. */
export interface PlaybackNotification {
  readonly kind: "start" | "progress" | "stop";
  readonly itemId: string | undefined;
  readonly mediaSourceId: string | undefined;
  /** Only templates of other senders have one. */
  readonly path: string | undefined;
  readonly title: string | undefined;
  readonly seriesId: string | undefined;
  readonly sessionId: string | undefined;
  readonly deviceId: string | undefined;
  readonly device: string | undefined;
  readonly client: string | undefined;
  readonly userId: string | undefined;
  readonly userName: string | undefined;
  readonly positionSeconds: number | undefined;
  readonly isPaused: boolean;
  /** Made up by the server between two reports of the client. */
  readonly isAutomated: boolean;
  /** A Stop that the server made up long after the client's last report. */
  readonly isInvented: boolean;
}

export type Notification =
  | PlaybackNotification
  | { readonly kind: "added"; readonly itemId: string | undefined }
  | { readonly kind: "other"; readonly type: string };

/** What the webhook plugin can send (its `NotificationType`), less `None`. */
const TYPES = [
  "ItemAdded",
  "Generic",
  "PlaybackStart",
  "PlaybackProgress",
  "PlaybackStop",
  "SubtitleDownloadFailure",
  "AuthenticationFailure",
  "AuthenticationSuccess",
  "SessionStart",
  "PendingRestart",
  "TaskCompleted",
  "PluginInstallationCancelled",
  "PluginInstallationFailed",
  "PluginInstalled",
  "PluginInstalling",
  "PluginUninstalled",
  "PluginUpdated",
  "UserCreated",
  "UserDeleted",
  "UserLockedOut",
  "UserPasswordChanged",
  "UserUpdated",
  "UserDataSaved",
  "ItemDeleted",
] as const;
type NotificationType = (typeof TYPES)[number];

/** The server ends a playback after five minutes without a report; clients report every ten seconds. */
const SILENT_BEFORE_INVENTED_MS = 4 * 60_000;
/** The server's word for "never" is the year 1. */
const NEVER_BEFORE_MS = Date.UTC(2000, 0);

/** What is played but is no film: the plugin's ItemType is the name of the server's class. */
const NO_FILMS: readonly unknown[] = [
  ...["Audio", "AudioBook", "MusicAlbum", "Photo", "Book", "Trailer"],
  ...["LiveTvChannel", "LiveTvProgram", "TvChannel"],
];

/** What a body says that happened in Jellyfin; `undefined` for one that names no event. */
export function readNotification(
  body: Readonly<Record<string, unknown>>,
): Notification | undefined {
  const fields = createFields(body);
  const type = typeOf(fields);
  const isPlayback =
    type === "PlaybackStart" || type === "PlaybackProgress" || type === "PlaybackStop";
  if (isPlayback && NO_FILMS.includes(fields.text("ItemType"))) return { kind: "other", type };
  switch (type) {
    case undefined:
      return undefined;
    case "PlaybackStart":
      return readPlayback("start", fields);
    case "PlaybackProgress":
      return readPlayback("progress", fields);
    case "PlaybackStop":
      return readPlayback("stop", fields);
    case "ItemAdded":
      return { kind: "added", itemId: itemIdOf(fields) };
    default:
      return { kind: "other", type };
  }
}

/** Templates name the field as they like; the names of the events are the plugin's own. */
function typeOf(fields: Fields): NotificationType | undefined {
  const named = fields.text("NotificationType", "event")?.toLowerCase();
  const known = TYPES.find((type) => type.toLowerCase() === named);
  if (known !== undefined) return known;
  return TYPES.find((type) => type !== "Generic" && fields.values().includes(type));
}

/** The recorded templates put the id into `path`; `Id` beside an `ItemId`, also an empty one, is the session's. */
const itemIdOf = (fields: Fields): string | undefined =>
  fields.id("ItemId", "path", "ItemPath", ...(fields.has("ItemId") ? [] : ["Id"]));

function readPlayback(kind: PlaybackNotification["kind"], fields: Fields): PlaybackNotification {
  const itemId = itemIdOf(fields);
  const path = fields.text("path", "ItemPath", "FilePath");
  return {
    kind,
    itemId,
    mediaSourceId: fields.id("MediaSourceId"),
    path: path !== undefined && /^(\/|[a-z]:[\\/]|\\\\|file:)/i.test(path) ? path : undefined,
    title: titleOf(fields),
    seriesId: fields.id("SeriesId"),
    sessionId: fields.id("SessionId") ?? (fields.has("ItemId") ? fields.id("Id") : undefined),
    deviceId: fields.text("DeviceId"),
    device: fields.text("DeviceName", "device"),
    client: fields.text("Client", "ClientName"),
    userId: fields.id("UserId"),
    userName: fields.text("NotificationUsername", "Username", "user"),
    positionSeconds: positionOf(fields),
    isPaused: fields.flag("IsPaused", "paused", "paused_raw") ?? false,
    isAutomated: fields.flag("IsAutomated", "automated", "auto") ?? false,
    isInvented: kind === "stop" && isInvented(fields),
  };
}

function positionOf(fields: Fields): number | undefined {
  const ticks = fields.number("PlaybackPositionTicks", "PositionTicks", "pos", "pos_raw");
  if (ticks !== undefined) return Math.max(0, ticks / TICKS_PER_SECOND);
  const clock = fields.text("PlaybackPosition", "Position");
  const [, hours, minutes, seconds] = /^(\d+):(\d\d):(\d\d)/.exec(clock ?? "") ?? [];
  return hours === undefined
    ? undefined
    : Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
}

function isInvented(fields: Fields): boolean {
  const at = Date.parse(fields.text("UtcTimestamp", "Timestamp", "ts") ?? "");
  const reportedAt = Date.parse(fields.text("LastPlaybackCheckIn") ?? "");
  return reportedAt > NEVER_BEFORE_MS && at - reportedAt > SILENT_BEFORE_INVENTED_MS;
}

/** A title for people: the plugin's `\"` undone once, HTML entities of templates read. */
export function readTitle(body: Readonly<Record<string, unknown>>): string | undefined {
  return titleOf(createFields(body));
}

function titleOf(fields: Fields): string | undefined {
  const name = fields.text("Name", "title", "name2", "name_je");
  const series = fields.text("SeriesName");
  const full = name !== undefined && series !== undefined ? `${series}: ${name}` : name;
  return full?.replaceAll('\\"', '"').replaceAll(/&(#\d+|quot|amp|lt|gt|apos);/g, entity);
}

const ENTITIES: Readonly<Record<string, string>> = {
  quot: '"',
  amp: "&",
  lt: "<",
  gt: ">",
  apos: "'",
};

function entity(whole: string, name: string): string {
  if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
  const code = Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
}
