import { basename, extname, win32 } from "node:path";
import {
  PRIORITIES,
  UpreelError,
  WISH_NAMES,
  decodePercentName,
  readFilmWish,
  showFileName,
  type FilmWish,
  type Priority,
} from "@upreel/core";
import {
  parseItemId,
  readNotification,
  readTitle,
  readWebhookBody,
  type Notification,
} from "@upreel/jellyfin";
import { z } from "zod";

/** What a trigger asks for: a film by its file, a film by Jellyfin's id, or what an event needs. */
export type TriggerBody =
  | {
      readonly kind: "film";
      readonly path: string;
      readonly title: string;
      readonly priority: Priority | undefined;
      /** Where it is not to be made as the settings say. */
      readonly wish: FilmWish;
      /** Names of fields that mean nothing here. */
      readonly ignored: readonly string[];
    }
  | { readonly kind: "item"; readonly itemId: string; readonly title: string | undefined }
  | { readonly kind: "event"; readonly notification: Notification };

const text = z.string().trim().min(1).optional().catch(undefined);
/** As it is: names of files may begin and end with spaces. */
const filePath = z.string().regex(/\S/).optional().catch(undefined);
const bodySchema = z.looseObject({
  path: filePath,
  Path: filePath,
  ItemPath: filePath,
  priority: z.unknown().optional(),
  ItemId: text,
  itemId: text,
  Id: text,
  Item: z.looseObject({ Path: filePath, Name: text, Id: text }).optional().catch(undefined),
});

/**
 * Reads a trigger's body whatever its content type says: JSON, a form, or a bare path; a script's or
 * the webhook plugin's. Throws `bad_request`.
 */
export function parseTriggerBody(raw: string, contentType: string | undefined): TriggerBody {
  const body = readWebhookBody(raw, contentType);
  const fields = bodySchema.parse(body);
  const notification = readNotification(body);
  const named = fields.path ?? fields.Path ?? fields.Item?.Path ?? fields.ItemPath;
  const path = named === undefined || parseItemId(named) !== undefined ? undefined : named;
  // A Start that names its file is answered with its URLs, like any trigger.
  if (notification !== undefined && (path === undefined || notification.kind !== "start"))
    return { kind: "event", notification };
  const title = fields.Item?.Name ?? readTitle(body);
  if (path !== undefined) {
    const file = toFilePath(path);
    const priority = readPriority(fields.priority);
    // A webhook sends what it has, and wishes for nothing.
    const isWebhook = notification !== undefined || body["Item"] !== undefined;
    return {
      ...{ kind: "film", path: file, title: title ?? titleOf(file), priority },
      wish: isWebhook ? {} : readFilmWish(body),
      ignored: isWebhook ? [] : unknownFields(body),
    };
  }
  const itemId = [named, fields.ItemId, fields.itemId, fields.Item?.Id, fields.Id]
    .map((id) => parseItemId(id ?? ""))
    .find((id) => id !== undefined);
  if (itemId !== undefined) return { kind: "item", itemId, title };
  const keys = Object.keys(body);
  throw new UpreelError("bad_request", "the body names no file, no item and no event", {
    expected: '{"path": "/films/film.mkv"}, or a body with Item.Path, ItemId or NotificationType',
    got: keys.length === 0 ? "no field" : `the fields ${keys.slice(0, 12).join(", ")}`,
  });
}

function readPriority(given: unknown): Priority | undefined {
  if (given === undefined) return undefined;
  const choice = PRIORITIES.find((each) => each === given);
  if (choice !== undefined) return choice;
  throw new UpreelError("bad_request", "the body names no known priority", {
    expected: PRIORITIES.join(", "),
    got: JSON.stringify(given),
  });
}

const TITLE_FIELDS = ["title", "Name", "name2", "name_je", "SeriesName"];
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  ...["path", "Path", "ItemPath", "priority", ...TITLE_FIELDS],
  ...WISH_NAMES,
]);
/** An answer repeats no more of a request than helps. */
const MOST_IGNORED = 20;

const unknownFields = (body: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(body)
    .filter((name) => !KNOWN_FIELDS.has(name))
    .slice(0, MOST_IGNORED)
    .map((name) => name.slice(0, 100));

export const titleOf = (path: string): string =>
  showFileName(
    /^([a-z]:|\\\\)/i.test(path) ? win32.parse(path).name : basename(path, extname(path)),
  );

/** The path in a `file:` URL; any other path as it is. Throws `bad_request`. */
export function toFilePath(path: string): string {
  if (!/^file:/i.test(path)) return path;
  const [, encoded] = /^file:(?:\/\/(?:localhost)?(?=\/)|(?!\/\/))(\/[^?#]*)/i.exec(path) ?? [];
  // Neither a slash within a name nor half an escape, as Node's own `fileURLToPath` has it.
  if (encoded === undefined || /%(?:2f|(?![0-9a-f]{2}))/i.test(encoded)) {
    throw new UpreelError("bad_request", "the file URL is not valid", {
      expected: "file:///films/film.mkv",
      got: path,
    });
  }
  return decodePercentName(encoded);
}
