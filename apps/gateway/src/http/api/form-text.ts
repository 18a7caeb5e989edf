import { Busboy } from "@fastify/busboy";
import { UpreelError, decodeFileName } from "@upreel/core";

const EXPECTED = "multipart/form-data with text fields, for example path=/films/film.mkv";

/**
 * The text of a request's body, with the bytes of names that are not UTF-8 (`decodeFileName`); of a multipart form, as `curl -F` sends it, its fields as JSON. Throws
 * `bad_request` for a form that breaks off or that holds a file.
 */
export async function readBodyText(
  body: unknown,
  contentType: string | undefined,
): Promise<string> {
  if (!Buffer.isBuffer(body)) return "";
  const isForm = /^multipart\/form-data\b/i.test(contentType ?? "");
  // What is read counts, not what its content type says.
  if (!isForm || !body.subarray(0, 2).equals(Buffer.from("--"))) return decodeFileName(body);
  return JSON.stringify(Object.fromEntries(await readFields(body, contentType ?? "")));
}

function readFields(body: Buffer, contentType: string): Promise<Map<string, string>> {
  const { promise, resolve, reject } = Promise.withResolvers<Map<string, string>>();
  const refuse = (got: string, cause?: unknown): void =>
    reject(
      new UpreelError("bad_request", "the form was not understood", {
        expected: EXPECTED,
        got,
        cause,
      }),
    );
  const fields = new Map<string, string>();
  try {
    const form = new Busboy({
      headers: { "content-type": contentType },
      limits: { fields: 50 },
      // A character a byte: names need not be UTF-8.
      defCharset: "latin1",
    });
    form.on("field", (name, value) => {
      fields.set(name, decodeFileName(Buffer.from(value, "latin1")));
    });
    form.on("file", (name, stream) => {
      stream.resume();
      refuse(`a file in the field ${JSON.stringify(name)}`);
    });
    form.on("error", (error: unknown) => refuse(String(error), error));
    form.on("finish", () => resolve(fields));
    form.end(body);
  } catch (thrown) {
    refuse(String(thrown), thrown);
  }
  return promise;
}
