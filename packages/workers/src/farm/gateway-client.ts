import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { ERROR_CODES, UpreelError, errorAnswerSchema, toUpreelError } from "@upreel/core";

/** Where the gateway is, and as whom it is called. */
export interface FarmAddress {
  /** Without a slash at its end. */
  readonly url: string;
  readonly name: string;
  readonly key: string;
}

/** The same as it was typed: the key belongs elsewhere. */
export type FarmTarget = Omit<FarmAddress, "key"> & { readonly key?: string };

/** What a worker fetches from its gateway and sends there; all of it by HTTP requests of its own. */
export interface GatewayClient {
  /** What ffmpeg reads for this token. */
  readonly sourceUrl: (token: string) => string;
  /** Rejects with `segment_not_found` when nobody wants it any more, with another code when it was refused. */
  putSegment(
    runId: string,
    segment: number,
    bytes: Uint8Array<ArrayBuffer>,
    signal: AbortSignal,
  ): Promise<void>;
  /** Writes the network with this hash to `target`, whole and proved by its sum. */
  readonly fetchModel: (hash: string, target: string, signal: AbortSignal) => Promise<void>;
}

const TRIES = 4;
const PAUSE_MS = 250;
const LONGEST_PUT_MS = 60_000;

/** `http://name@host:8080`, as `upreel farm add` prints it; older ones had the key in it, too. Throws `bad_request`. */
export function parseFarmAddress(text: string): FarmTarget {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isHttp = url !== undefined && /^https?:$/.test(url.protocol);
  if (!isHttp || url.username === "") {
    throw new UpreelError("bad_request", "This is not the address of a gateway", {
      expected: "http://NAME@HOST:PORT, as `upreel farm add NAME` prints it on the gateway",
      got: url === undefined ? "no URL" : `${url.protocol}//${url.host} without a name`,
    });
  }
  const path = url.pathname.replace(/\/+$/, "");
  const target = { url: `${url.origin}${path}`, name: url.username };
  return url.password === "" ? target : { ...target, key: url.password };
}

export const authorization = ({ name, key }: FarmAddress): string => `Bearer ${name}:${key}`;

export function createGatewayClient(address: FarmAddress): GatewayClient {
  const base = `${address.url}/farm/worker`;
  const headers = { Authorization: authorization(address) };

  async function ask(
    path: string,
    init: RequestInit,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    const response = await fetch(`${base}/${path}`, { ...init, headers: { ...headers, ...more } });
    if (response.ok) return response;
    const answer = errorAnswerSchema.safeParse(await response.json().catch(() => undefined));
    const said = answer.success ? answer.data : undefined;
    const code = ERROR_CODES.find((each) => each === said?.code) ?? "internal";
    throw new Refusal(code, said?.message ?? `${path}: ${response.status}`, response.status);
  }

  return {
    sourceUrl: (token) => `${base}/source/${token}`,
    async putSegment(runId, segment, bytes, signal) {
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      for (let n = 1; ; n++) {
        try {
          await ask(
            `runs/${runId}/segments/${segment}`,
            {
              method: "PUT",
              // `fetch` makes a copy of its own.
              body: bytes,
              signal: AbortSignal.any([signal, AbortSignal.timeout(LONGEST_PUT_MS)]),
            },
            { "Content-Type": "video/mp2t", "X-Content-Sha256": sha256 },
          );
          return;
        } catch (thrown) {
          // Refused for good; a line that stumbles is tried again.
          if ((thrown instanceof Refusal && thrown.status < 500) || n === TRIES) throw thrown;
          await sleep(PAUSE_MS * 2 ** n, undefined, { signal });
        }
      }
    },
    async fetchModel(hash, target, signal) {
      const { body, headers: told } = await ask(`models/${hash}`, { signal });
      const wanted = told.get("x-content-sha256");
      const sum = createHash("sha256");
      const summing = new Transform({
        transform(chunk: Buffer, _, done) {
          sum.update(chunk);
          done(null, chunk);
        },
      });
      await pipeline(Readable.from(body ?? []), summing, createWriteStream(target), { signal });
      const got = sum.digest("hex");
      if (got === wanted) return;
      throw new UpreelError("download_failed", "A network arrived damaged", {
        expected: `SHA-256 ${wanted ?? "in the header X-Content-Sha256"}`,
        got,
      });
    },
  };
}

/** An answer that is none of success. */
class Refusal extends UpreelError {
  readonly status: number;
  constructor(code: UpreelError["code"], message: string, status: number) {
    super(code, message);
    this.status = status;
  }
}

/** Nobody wants what this machine makes any more: neither its fault nor the line's. */
export const isUnwanted = (thrown: unknown): boolean =>
  toUpreelError(thrown).code === "segment_not_found";
