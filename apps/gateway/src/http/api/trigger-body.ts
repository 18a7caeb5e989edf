import { basename, extname, win32 } from "node:path";
import {
  CONTENTS,
  PRIORITIES,
  UpreelError,
  decodePercentName,
  showFileName,
  type Content,
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

/** Fields of a trigger whose values are from a list; the OpenAPI document is made of them, too. */
export const TRIGGER_CHOICES = { priority: PRIORITIES, content: CONTENTS } as const;

/** What a trigger asks for: a film by its file, a film by Jellyfin's id, or what an event needs. */
export type TriggerBody =
  | {
      readonly kind: "film";
      readonly path: string;
      readonly title: string;
      readonly priority: Priority | undefined;
      /** undefined: as the settings say. */
      readonly content: Content | undefined;
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
  content: z.unknown().optional(),
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
    const priority = readChoice("priority", fields.priority);
    const content = readChoice("content", fields.content);
    return { kind: "film", path: file, title: title ?? titleOf(file), priority, content };
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

type Choices = typeof TRIGGER_CHOICES;

function readChoice<Name extends keyof Choices>(
  name: Name,
  given: unknown,
): Choices[Name][number] | undefined {
  if (given === undefined) return undefined;
  const choices: readonly Choices[Name][number][] = TRIGGER_CHOICES[name];
  const choice = choices.find((each) => each === given);
  if (choice !== undefined) return choice;
  throw new UpreelError("bad_request", `the body names no known ${name}`, {
    expected: choices.join(", "),
    got: JSON.stringify(given),
  });
}

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
