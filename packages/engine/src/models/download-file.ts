import { constants } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UpreelError } from "@upreel/core";
import { makeFolder, sha256Of } from "@upreel/files";

/** A file whose bytes are known beforehand. */
export interface Remote {
  readonly url: string;
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface DownloadOptions {
  readonly onProgress: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** Without a byte for so long the connection is given up. */
const SILENCE_MS = 30_000;
/** How much of a server's answer is repeated to the user. */
const ANSWER_CHARACTERS = 200;

/**
 * Downloads `remote` to `part` and checks it. What is in `part` from an earlier attempt is kept and only
 * the rest asked for. Throws `download_failed` with what the server said; the part stays for the next
 * attempt, unless its bytes are wrong.
 */
export async function downloadFile(
  remote: Remote,
  part: string,
  options: DownloadOptions,
): Promise<void> {
  await makeFolder(dirname(part));
  try {
    await receive(remote, part, options);
  } catch (thrown) {
    options.signal.throwIfAborted();
    throw asFailure(remote, thrown);
  }
  const sha256 = await sha256Of(part, options.signal);
  if (sha256 === remote.sha256) return;
  await rm(part, { force: true });
  throw new UpreelError("download_failed", `${remote.url} does not have the expected contents`, {
    expected: `sha256 ${remote.sha256}`,
    got: sha256,
  });
}

/** The connection was cut, in contrast to what the server said. */
export const isBrokenOff = ({ code, cause }: UpreelError): boolean =>
  code === "download_failed" && cause !== undefined;

const asFailure = ({ url }: Remote, thrown: unknown): UpreelError => {
  if (thrown instanceof UpreelError) return thrown;
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  return new UpreelError("download_failed", `The download from ${url} was interrupted; try again`, {
    expected: "a connection until the end of the file",
    got: cause instanceof Error ? cause.message : String(cause),
    cause: thrown,
  });
};

/** One request, for what `part` lacks. */
async function receive(remote: Remote, part: string, options: DownloadOptions): Promise<void> {
  const { url, sizeBytes } = remote;
  const had = await stat(part).then(
    ({ size }) => size,
    () => 0,
  );
  if (had === sizeBytes) return;
  const start = had < sizeBytes ? had : 0;
  const silence = new AbortController();
  const giveUp = (): void => silence.abort(new Error(`silence for ${SILENCE_MS / 1_000} s`));
  let timer = setTimeout(giveUp, SILENCE_MS);
  try {
    const signal = AbortSignal.any([options.signal, silence.signal]);
    const headers = start === 0 ? {} : { range: `bytes=${start}-` };
    const answer = await fetch(url, { headers, signal });
    const isRest = answer.status === 206;
    if (!answer.ok || answer.body === null) {
      // 416: the part is no beginning of what is there now.
      if (answer.status === 416) await rm(part, { force: true });
      throw await refusal(url, answer);
    }
    const { O_WRONLY, O_CREAT, O_NOFOLLOW, O_APPEND, O_TRUNC } = constants;
    const how = isRest ? O_APPEND : O_TRUNC;
    await using file = await open(part, O_WRONLY | O_CREAT | O_NOFOLLOW | how);
    let bytes = isRest ? start : 0;
    for await (const chunk of answer.body) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
      bytes += chunk.byteLength;
      if (bytes > sizeBytes) throw await tooLarge(remote, part);
      await file.writeFile(chunk);
      options.onProgress(bytes);
    }
    await file.sync();
    if (bytes < sizeBytes) throw new Error(`it ended after ${bytes} of ${sizeBytes} bytes`);
  } finally {
    clearTimeout(timer);
  }
}

async function refusal(url: string, answer: Response): Promise<UpreelError> {
  const text = (await answer.text().catch(() => "")).replaceAll(/\s+/g, " ").trim();
  const said = text === "" ? "" : `: ${text.slice(0, ANSWER_CHARACTERS)}`;
  return new UpreelError("download_failed", `The server refused ${url}`, {
    expected: "200 or 206",
    got: `${answer.status} ${answer.statusText}${said}`,
  });
}

async function tooLarge({ url, sizeBytes }: Remote, part: string): Promise<UpreelError> {
  await rm(part, { force: true });
  return new UpreelError("download_failed", `${url} is larger than it should be`, {
    expected: `${sizeBytes} bytes`,
    got: "more",
  });
}
