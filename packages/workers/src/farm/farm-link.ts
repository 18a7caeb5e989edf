import { UpreelError } from "@upreel/core";
import type { z } from "zod";

/** One connection between a gateway and a worker of another machine, whatever carries it. */
export interface FarmLink {
  send(text: string): void;
  /** At once; what was sent before may be lost. */
  close(why: string): void;
  /** To be set before anything comes. */
  onText: (text: string) => void;
  /** Once. */
  onClosed: (why: string) => void;
}

/** What came in over the network; throws `bad_request` for anything but a message of `schema`. */
export function parseMessage<T>(text: string, schema: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UpreelError("bad_request", "A message is not JSON", {
      expected: "one JSON object",
      got: JSON.stringify(text.slice(0, 80)),
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UpreelError("bad_request", "A message is not one of the farm's", {
    expected: issue === undefined ? "a known message" : `${issue.path.join(".")}: ${issue.message}`,
    got: text.slice(0, 80),
  });
}
