import type { FakeItem, FakeLibrary, FakeUser } from "./catalogue.ts";
import type { OwnHls } from "./own-hls.ts";
import type { FakeSession } from "./sessions.ts";
import type { FakeVersion } from "./version.ts";

/** A request as the server got it. */
interface FakeRequest {
  readonly method: string;
  /** Path and query, without the base URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** A remote-control call, as `POST /Sessions/{id}/…` brought it. */
interface FakeRemoteCall {
  readonly sessionId: string;
  /** `Playing`, `Playing/Stop`, `Playing/Seek`, `Message`, `Command`. */
  readonly kind: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** How the server behaves; a test changes it at any time. */
interface FakeBehaviour {
  /** The temporary server that answers while Jellyfin starts. */
  isStarting: boolean;
  /** Answers every call with this status. */
  failWith: number | undefined;
  /** Answers a call with the status that this gives for it, if any. */
  failAt: ((method: string, url: string) => number | undefined) | undefined;
  /** Waits before every answer. */
  delayMs: number;
  /** Accepts and never answers. */
  hangs: boolean;
  /** The version of the plugin "MediaSegments API"; undefined: not installed. */
  segmentsPlugin: string | undefined;
}

/** All that the fake server knows; a test reads and changes it. */
export interface FakeState {
  readonly version: FakeVersion;
  readonly apiKey: string;
  readonly users: FakeUser[];
  readonly libraries: FakeLibrary[];
  readonly items: FakeItem[];
  readonly sessions: FakeSession[];
  readonly requests: FakeRequest[];
  readonly remoteCalls: FakeRemoteCall[];
  readonly behaviour: FakeBehaviour;
  readonly ownHls: OwnHls;
  /** Sends a message to the websocket of a device, if it has one. */
  tell(deviceId: string, type: string, content: unknown): void;
  /** Answers of a test's own, by `METHOD /path` (no query, lower-case path). */
  readonly answers: Map<string, FakeAnswer>;
}

interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}
