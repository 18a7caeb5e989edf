import { basename, extname } from "node:path";
import { fileURLToPath } from "node:url";
import { PRIORITIES, prioritySchema, UpreelError, type Priority } from "@upreel/core";
import { parseItemId } from "@upreel/jellyfin";
import { z } from "zod";

/** What a trigger asks for. */
export interface TriggerBody {
  readonly path: string;
  readonly title: string;
  readonly priority: Priority | undefined;
}

const EXPECTED = '{"path": "/films/film.mkv"} or a body with Item.Path';

const text = z.string().trim().min(1).optional().catch(undefined);
const bodySchema = z.looseObject({
  path: text,
  Path: text,
  ItemPath: text,
  name: text,
  Name: text,
  title: text,
  priority: z.unknown().optional(),
  ItemId: text,
  itemId: text,
  Id: text,
  Item: z.looseObject({ Path: text, Name: text, Id: text }).optional().catch(undefined),
});

/**
 * Reads a trigger's body whatever its content type says: JSON, a form, or a bare path. Webhook
 * senders mislabel bodies, `curl -d` labels JSON as a form. Throws `bad_request`.
 */
export function parseTriggerBody(raw: string, contentType: string | undefined): TriggerBody {
  const trimmed = raw.replace(/^\uFEFF/, "").trim();
  if (trimmed === "")
    throw new UpreelError("bad_request", "the body is empty", { expected: EXPECTED });
  const fields = bodySchema.parse(readFields(trimmed, contentType));
  const path = fields.path ?? fields.Path ?? fields.Item?.Path ?? fields.ItemPath;
  const item = fields.ItemId ?? fields.itemId ?? fields.Item?.Id ?? fields.Id;
  if (path === undefined || parseItemId(path) !== undefined)
    throw missingPath(path ?? item, fields);
  const file = toFilePath(path);
  return {
    path: file,
    title: fields.Item?.Name ?? fields.Name ?? fields.name ?? fields.title ?? titleOf(file),
    priority: readPriority(fields.priority),
  };
}

function readPriority(given: unknown): Priority | undefined {
  if (given === undefined) return undefined;
  const priority = prioritySchema.safeParse(given);
  if (priority.success) return priority.data;
  throw new UpreelError("bad_request", "the body names no known priority", {
    expected: PRIORITIES.join(", "),
    got: JSON.stringify(given),
  });
}

export const titleOf = (path: string): string => basename(path, extname(path));

function missingPath(item: string | undefined, fields: Record<string, unknown>): UpreelError {
  if (item !== undefined)
    return new UpreelError(
      "bad_request",
      "the body names an item id but no file, and no Jellyfin server is set up to look it up (this version cannot yet)",
      { expected: EXPECTED, got: `item id ${item}` },
    );
  const keys = Object.keys(fields).filter((key) => fields[key] !== undefined);
  return new UpreelError("bad_request", "the body names no file", {
    expected: EXPECTED,
    got: keys.length === 0 ? "no known field" : `the fields ${keys.slice(0, 12).join(", ")}`,
  });
}

function readFields(body: string, contentType: string | undefined): Record<string, unknown> {
  if (/^[{["]/.test(body)) return readJson(body);
  if (body.startsWith("/") || body.startsWith("file://")) return { path: body };
  if (/^[^\s=]+=/.test(body)) return Object.fromEntries(new URLSearchParams(body));
  if (contentType?.includes("json")) return readJson(body);
  throw new UpreelError("bad_request", "the body is neither JSON, nor a form, nor a path", {
    expected: EXPECTED,
    got: JSON.stringify(body.slice(0, 60)),
  });
}

function readJson(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    throw new UpreelError(
      "bad_request",
      `the body is not valid JSON: ${whereJsonBroke(body, cause)}`,
      {
        expected: EXPECTED,
        cause,
      },
    );
  }
  if (typeof value === "string") return { path: value };
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw new UpreelError("bad_request", "the body is JSON but not an object", {
    expected: EXPECTED,
    got: Array.isArray(value) ? "an array" : typeof value,
  });
}

/** V8 tells the position of some errors only. */
function whereJsonBroke(body: string, thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (/position \d+/.test(message)) return message;
  const position = brokenAt(body);
  const before = body.slice(0, position).split("\n");
  const what = message.replace(/, (\.\.\.)?".*is not valid JSON$/s, "");
  return `${what} at position ${position} (line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1})`;
}

/** The first position where no continuation could make the text JSON; found by halving. */
function brokenAt(body: string): number {
  let [good, broken] = [0, body.length + 1];
  while (broken - good > 1) {
    const middle = (good + broken) >> 1;
    if (canContinue(body.slice(0, middle))) good = middle;
    else broken = middle;
  }
  return good;
}

function canContinue(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : "";
    return (
      /Unexpected end|Unterminated/.test(message) || message.includes(`position ${text.length} `)
    );
  }
}

function toFilePath(path: string): string {
  if (!path.startsWith("file:")) return path;
  try {
    return fileURLToPath(path);
  } catch (cause) {
    throw new UpreelError("bad_request", "the file URL is not valid", {
      expected: "file:///films/film.mkv",
      got: path,
      cause,
    });
  }
}
