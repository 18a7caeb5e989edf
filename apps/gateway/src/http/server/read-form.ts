import { Busboy } from "@fastify/busboy";
import { UpreelError } from "@upreel/core";
import type { Request } from "express";

/** A form in memory. */
interface Form {
  readonly fields: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, Buffer>;
}

const MOST_FIELDS = 40;
const MOST_FILES = 16;
const FIELD_BYTES = 10_000;

export const isForm = (request: Request): boolean =>
  /^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(
    request.get("content-type") ?? "",
  );

/**
 * A form in either encoding, with all of its files. Throws `bad_request`, or `body_too_large` where the files
 * together exceed `limitBytes`.
 */
export async function readForm(request: Request, limitBytes: number): Promise<Form> {
  const fields = new Map<string, string>();
  const files = new Map<string, Buffer>();
  let left = limitBytes;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const tooLarge = new UpreelError("body_too_large", "the body is too large", {
    expected: `at most ${limitBytes / 2 ** 20} MiB`,
    got: "more than that",
  });
  try {
    const form = new Busboy({
      headers: { "content-type": request.get("content-type") ?? "" },
      limits: {
        ...{ files: MOST_FILES, fields: MOST_FIELDS, parts: MOST_FILES + MOST_FIELDS },
        ...{ fieldSize: FIELD_BYTES, fileSize: limitBytes },
      },
    });
    form.on("field", (name, value) => fields.set(name, value));
    form.on("file", (name, stream) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => {
        left -= chunk.length;
        if (left >= 0) chunks.push(chunk);
        else reject(tooLarge);
      });
      stream.on("limit", () => reject(tooLarge));
      stream.on("end", () => files.set(name, Buffer.concat(chunks)));
    });
    form.on("finish", resolve);
    form.on("error", reject);
    request.on("error", reject);
    request.on("aborted", () => reject(new Error("the upload broke off")));
    request.pipe(form);
    await promise;
    return { fields, files };
  } catch (thrown) {
    request.unpipe();
    // Who still sends it hears the answer only once somebody has listened.
    request.resume();
    if (thrown instanceof UpreelError) throw thrown;
    throw new UpreelError("bad_request", "The form was not understood, or it ended too early", {
      expected: "multipart/form-data or application/x-www-form-urlencoded",
      got: thrown instanceof Error ? thrown.message : String(thrown),
      cause: thrown,
    });
  }
}

/** The bytes of a body, or of the one file of a form. Throws as `readForm` does. */
export async function readBytes(request: Request, limitBytes: number): Promise<Buffer> {
  // curl calls whatever it sends a url-encoded form, which has no files.
  if (/^multipart\/form-data/i.test(request.get("content-type") ?? "")) {
    const { files } = await readForm(request, limitBytes);
    const [file] = files.values();
    if (file !== undefined) return file;
    throw new UpreelError("bad_request", "The form holds no file", {
      expected: "a file in the field `file`",
    });
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes > limitBytes)
      throw new UpreelError("body_too_large", "the body is too large", {
        expected: `at most ${limitBytes / 2 ** 20} MiB`,
        got: "more than that",
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
