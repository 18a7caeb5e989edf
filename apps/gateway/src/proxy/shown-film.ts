import type { IncomingMessage } from "node:http";
import { z } from "zod";
import { readJson } from "./jellyfin-exchange.ts";

const itemSchema = z.looseObject({
  MediaType: z.literal("Video"),
  MediaSources: z
    .array(
      z.looseObject({
        Path: z.string(),
        Protocol: z.literal("File"),
        IsInfiniteStream: z.literal(false),
      }),
    )
    .min(1),
});

/** An item with hundreds of streams and people. */
const LIMIT_BYTES = 4 * 1024 * 1024;

/** The file, as Jellyfin names it, of the film that an item's details tell of; undefined for others. */
export async function readShownFilm(answer: IncomingMessage): Promise<string | undefined> {
  if (answer.statusCode !== 200) return undefined;
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const chunks: Buffer[] = [];
  let length = 0;
  answer.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length <= LIMIT_BYTES) chunks.push(chunk);
  });
  answer.once("end", () => resolve(length <= LIMIT_BYTES ? Buffer.concat(chunks) : undefined));
  answer.once("close", () => resolve(undefined));
  const body = await promise;
  if (body === undefined) return undefined;
  const item = itemSchema.safeParse(await readJson(answer.headers, body));
  return item.data?.MediaSources[0]?.Path;
}
