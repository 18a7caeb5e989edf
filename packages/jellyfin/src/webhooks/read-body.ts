import { UpreelError, decodePercentName } from "@upreel/core";
import { repairTemplate, type TemplateFault } from "./repair-template.ts";

const EXPECTED = '{"path": "/films/film.mkv"} or a body of Jellyfin\'s Webhook plugin';

/**
 * Reads a trigger's body whatever its content type says: JSON, also as a webhook template left it, a
 * form, or a bare path. Throws `bad_request` that says where it broke and what fixes it.
 */
export function readWebhookBody(
  raw: string,
  contentType: string | undefined,
): Record<string, unknown> {
  const text = raw.replace(/^\uFEFF/, "");
  const body = text.trim();
  if (body === "")
    throw new UpreelError("bad_request", "the body is empty", { expected: EXPECTED });
  if (/^[{["]/.test(body)) return readJson(body);
  // Only the end of its line goes: names of files may end with spaces.
  if (body.startsWith("/") || body.startsWith("file://"))
    return { path: text.trimStart().replace(/[\r\n]+$/, "") };
  if (/^[^\s=]+=/.test(body)) return readForm(body);
  if (contentType?.includes("json")) return readJson(body);
  throw new UpreelError("bad_request", "the body is neither JSON, nor a form, nor a path", {
    expected: EXPECTED,
    got: JSON.stringify(body.slice(0, 60)),
  });
}

/** No webhook has so many; an object of a hundred thousand takes a third of a second to make. */
const MOST_FIELDS = 1_000;

/** As `URLSearchParams` reads it, but for the bytes of names that are not UTF-8. */
function readForm(body: string): Record<string, unknown> {
  const fields = body.split("&", MOST_FIELDS + 1);
  if (fields.length > MOST_FIELDS)
    throw new UpreelError("bad_request", "the form has too many fields", {
      expected: `${MOST_FIELDS} at most`,
    });
  return Object.fromEntries(
    fields.map((field) => {
      const [name = "", ...value] = field.replaceAll("+", " ").split("=");
      return [decodePercentName(name), decodePercentName(value.join("="))];
    }),
  );
}

function readJson(body: string): Record<string, unknown> {
  const value = parseJson(body);
  if (typeof value === "string") return { path: value };
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  throw new UpreelError("bad_request", "the body is JSON but not an object", {
    expected: EXPECTED,
    got: Array.isArray(value) ? "an array" : typeof value,
  });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    const repair = repairTemplate(body);
    if ("text" in repair) return JSON.parse(repair.text);
    throw new UpreelError(
      "bad_request",
      `the body is not valid JSON at ${placeOf(body, repair.fault.position)}: ${whatFixes(repair.fault)}`,
      { expected: EXPECTED, got: excerpt(body, repair.fault.position), cause },
    );
  }
}

function placeOf(body: string, position: number): string {
  const before = body.slice(0, position).split("\n");
  return `position ${position} (line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1})`;
}

const excerpt = (body: string, position: number): string =>
  JSON.stringify(body.slice(Math.max(0, position - 20), position + 40));

const SEND_ALL = 'tick "Send All Properties (ignores template)" of the webhook\'s destination';

/** The setting of the webhook's destination that fixes it. */
function whatFixes({ kind, key }: TemplateFault): string {
  const field = key === undefined ? "a field" : `the field ${JSON.stringify(key)}`;
  switch (kind) {
    case "bare":
      return `${field} is text without quotes; in the webhook's template write "{{…}}" with quotes, or ${SEND_ALL}`;
    case "quote":
      return `${field} holds quotes that end it too early; in the webhook's template write {{json_encode …}}, or ${SEND_ALL}`;
    case "name":
      return `${key === undefined ? "the first field" : `the field after ${JSON.stringify(key)}`} has no name in double quotes; in the webhook's template put names and texts into "…", or ${SEND_ALL}`;
    case "structure":
      return `a bracket, comma or colon is missing or too many after ${field}; fix the webhook's template, or ${SEND_ALL}`;
  }
}
