import { mutations, type Random } from "@upreel/testkit";
import { z } from "zod";
import { oddHeader } from "./http-headers.ts";

const parameterSchema = z.looseObject({ name: z.string(), in: z.enum(["path", "query"]) });
const contentSchema = z.record(z.string(), z.looseObject({ schema: z.unknown() }));
const operationSchema = z.looseObject({
  parameters: z.array(parameterSchema).default([]),
  requestBody: z.unknown().optional(),
  responses: z.record(z.string(), z.looseObject({ content: contentSchema.optional() })),
});
const documentSchema = z.looseObject({
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
});

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly z.infer<typeof parameterSchema>[];
  readonly hasBody: boolean;
  readonly responses: z.infer<typeof operationSchema>["responses"];
}

/** What the interface says of itself. */
export function readOperations(document: unknown): {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, unknown>>;
} {
  const { paths, components } = documentSchema.parse(document);
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters, requestBody, responses }]) => ({
      ...{ method: method.toUpperCase(), path, parameters, responses },
      hasBody: requestBody !== undefined,
    })),
  );
  return { operations, schemas: components.schemas };
}

const ODD_TEXT = [
  ...[
    "",
    "x",
    "0",
    "-1",
    "1.5",
    "1e309",
    "NaN",
    "99999999999999999999",
    "null",
    "undefined",
    "%00",
  ],
  ...[
    "..%2f..%2fetc%2fpasswd",
    "%2e%2e",
    "....//",
    "a%0d%0ab",
    "%ff%fe",
    "%F0%9F%8E%AC",
    "__proto__",
  ],
  ...[
    "constructor",
    "segments",
    "000000.ts",
    "000001.ts",
    "999999.ts",
    "stereo",
    "1-stereo",
    "0001.jpg",
  ],
  ...["/etc/passwd", "%2fproc%2fself%2fenviron", "a".repeat(5_000), "%25", "'\"", "[]", "a[b]=c"],
];

/** One request as it goes over the wire: an operation with fitting or absurd parts. */
export function oddRequest(
  { method, path, parameters, hasBody }: Operation,
  known: { readonly id: string; readonly film: string },
  random: Random,
): string {
  const value = (fitting: string): string =>
    (random.next() < 0.5 ? fitting : random.pick(ODD_TEXT)) ?? fitting;
  const filled = path.replaceAll(
    /\{(\w+)\}/g,
    (_, name: string) =>
      // Without a name it would be another path.
      value(name === "id" ? known.id : "000000.ts") || "x",
  );
  const query = parameters
    .filter((parameter) => parameter.in === "query" && random.next() < 0.6)
    .map(({ name }) => `${name}=${value(name === "id" ? known.id : "1").replaceAll(" ", "+")}`);
  const headers = Array.from({ length: Math.floor(random.next() * 3) }, () => oddHeader(random));
  const body = hasBody || random.next() < 0.1 ? oddBody(known, random) : undefined;
  const target = `${filled}${query.length === 0 ? "" : `?${query.join("&")}`}`;
  return [
    `${method} ${target.startsWith("/") ? target : `/${target}`} HTTP/1.1`,
    "Connection: close",
    ...(headers.some((line) => /^host:/i.test(line)) ? [] : ["Host: 127.0.0.1"]),
    // A body that does not come is waited for.
    ...headers.filter((line) => !/^(content-length|transfer-encoding):/i.test(line)),
    ...(body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
    "",
    body ?? "",
  ].join("\r\n");
}

function oddBody({ id, film }: { id: string; film: string }, random: Random): string {
  const fitting = [
    { path: film, priority: "viewer", content: "film" },
    { Item: { Path: film, Name: "A film", Id: id }, NotificationType: "PlaybackStart" },
    { viewer: "me", seconds: 1, paused: false, left: false },
    { QUALITY: 20, SCALE: 2 },
    { model: "lanczos", id, n: 1 },
  ];
  const whole = random.pick(fitting) ?? {};
  const kind = random.next();
  if (kind < 0.2) return JSON.stringify(whole);
  if (kind < 0.8) return JSON.stringify(random.pick([...mutations(whole)]) ?? null);
  return (
    random.pick(["", "{", "[]", "null", film, `path=${film}`, "\u0000", "[".repeat(9_000)]) ?? ""
  );
}
