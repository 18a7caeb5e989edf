import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Transform } from "node:stream";
import { Busboy } from "@fastify/busboy";
import { UpreelError } from "@upreel/core";
import type { Request } from "express";

const EXPECTED = "multipart/form-data with the model in the field `file`";

/** A model file that came in, and what was said with it. */
interface ReceivedModel {
  /** The name that its sender has for it. */
  readonly fileName: string;
  readonly fields: ReadonlyMap<string, string>;
}

/**
 * Writes the file of a multipart form to `target`. Throws
 * `bad_request`, or `body_too_large` beyond `limitBytes`.
 */
export async function receiveModel(
  request: Request,
  target: string,
  limitBytes: number,
): Promise<ReceivedModel> {
  const type = request.get("content-type") ?? "";
  const { promise: named, resolve, reject } = Promise.withResolvers<string>();
  const failing = new AbortController();
  const fields = new Map<string, string>();
  let isSaving = false;
  try {
    const form = new Busboy({
      headers: { "content-type": type },
      limits: { files: 1, fields: 20, fieldSize: 10_000, parts: 30 },
    });
    form.on("field", (name, value) => fields.set(name, value));
    form.on("file", (field, stream, fileName) => {
      if (field !== "file" || isSaving) return void stream.resume();
      isSaving = true;
      const { signal } = failing;
      pipeline(stream, boundBytes(limitBytes), createWriteStream(target), { signal }).then(
        () => resolve(fileName),
        reject,
      );
    });
    // A body that breaks off ends the form with an error; the file on its way would wait for ever.
    const read = pipeline(request, form).then(() => {
      if (!isSaving)
        reject(new UpreelError("bad_request", "The form holds no file", { expected: EXPECTED }));
    }, reject);
    const fileName = await named;
    // Fields may come behind the file.
    await read;
    return { fileName, fields };
  } catch (thrown) {
    failing.abort();
    if (thrown instanceof UpreelError) throw thrown;
    throw new UpreelError("bad_request", "The upload was not understood, or it ended too early", {
      expected: EXPECTED,
      got: thrown instanceof Error ? thrown.message : String(thrown),
      cause: thrown,
    });
  }
}

function boundBytes(limitBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= limitBytes) return done(undefined, chunk);
      done(
        new UpreelError("body_too_large", "The model file is too large", {
          expected: `at most ${limitBytes / 2 ** 20} MiB`,
          got: "more than that",
        }),
      );
    },
  });
}
