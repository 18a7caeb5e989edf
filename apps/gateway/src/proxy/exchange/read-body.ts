import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

export type ReadBody =
  | { readonly kind: "whole"; readonly bytes: Buffer }
  /** Longer than allowed: what was read and what is still to come, in one stream. */
  | { readonly kind: "too_long"; readonly stream: Readable };

/** Reads a request's body up to a bound. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let length = 0;
  const rest = request.iterator({ destroyOnReturn: false });
  for await (const chunk of rest) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > limitBytes) {
      const joined = async function* (): AsyncGenerator<Buffer> {
        yield* chunks;
        yield* request;
      };
      return { kind: "too_long", stream: Readable.from(joined(), { objectMode: false }) };
    }
  }
  return { kind: "whole", bytes: Buffer.concat(chunks) };
}
