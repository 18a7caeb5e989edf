import type {
  FileIdentity,
  Finding,
  Jobs,
  Profile,
  Log,
  StreamRecords,
  StreamStatus,
} from "@upreel/core";
import type { Streams } from "@upreel/streams";
import type { IncomingMessage, RequestListener } from "node:http";
import type { Request, RequestHandler, Response } from "express";
import type { Config } from "../config.ts";
import type { SettingsStore } from "../config/settings-store.ts";
import type {
  FaceModels,
  EvictedFilms,
  Exporter,
  FarmDesk,
  FilmPreview,
  FilmQueue,
  FilmSizes,
  ForeseeDependencies,
  Machine,
  Models,
  Pictures,
  Renditions,
} from "@upreel/engine";
import type { LibraryPicturesTask } from "../jellyfin/pictures/library-pictures.ts";
import type { PlaySituation } from "@upreel/jellyfin";
import type { Jellyfin } from "../jellyfin/jellyfin.ts";
import type { Leadership } from "../jellyfin/leadership.ts";
import type { LogFeed } from "../logging/log-feed.ts";
import type { LoopLagMeter } from "../loop-lag.ts";
import type { MediaFiles } from "@upreel/sources";
import type { BuiltPages } from "./server/built-pages.ts";
import type { HeaderPair } from "./server/end-to-end-headers.ts";
import type { Webhooks } from "@upreel/webhooks";
import type { Scans } from "@upreel/scan";
import type { Shelf } from "../shelf/shelf.ts";
import type { KeepAliveTiming } from "../waiting/keep-alive.ts";

/** How requests for what is still being made are held. */
export interface HoldTiming extends KeepAliveTiming {
  /** How long a player of the proxy's waits for its first segment before it is told to ask anew. */
  readonly firstPieceMs: number;
  /** Silence before the answer starts for a page that may go down to a lower quality, which it does the sooner the sooner it sees how slow this is. */
  readonly ladderSilentMs: number;
  /** Silence before a playlist begins that cannot be told yet. */
  readonly playlistSilentMs: number;
  /** How long what is known once a film has been read is waited for. */
  readonly playlistMs: number;
}

export const HOLD_TIMING: HoldTiming = {
  silentMs: 3000,
  packetEveryMs: 1000,
  // ExoPlayer gives up after 8 s without a byte, hls.js after 10: neither asks for another stream then.
  firstPieceMs: 7000,
  ladderSilentMs: 500,
  // Below the 8 s of ExoPlayer. Until then a film that cannot be made can still be refused.
  playlistSilentMs: 7000,
  playlistMs: 30_000,
};

/** Another gateway, and what it knows this one by. */
export interface AskedPeer {
  readonly url: URL;
  readonly headers: readonly HeaderPair[];
}

/** The other gateways of the same data folder. */
export interface Peers extends Disposable {
  /** Marks calls that another gateway has passed on. */
  readonly mark: RequestHandler;
  isFromPeer(this: void, request: IncomingMessage): boolean;
  /** What is asked of everybody but another gateway, which has judged what it passes on. */
  unlessFromPeer(this: void, guard: RequestHandler): RequestHandler;
  /** Answers what is about a stream of another gateway's: from the disk, or by asking its owner. */
  readonly passOn: RequestHandler;
  /** The same of a call that turned out to be about the stream `id` when its `body` was read. */
  passOnTo(id: string, request: Request, response: Response, body: Buffer): Promise<void>;
  /** As `passOn`, of what players of Jellyfin's ask the proxy for: the owner's proxy answers. */
  readonly passOnPlaying: RequestHandler;
  /** The same of a call about who plays the stream `id`; false: this gateway is to answer. */
  passPlayingOnTo(
    id: string,
    request: Request,
    response: Response,
    body: Buffer | undefined,
  ): Promise<boolean>;
  /** How to reach the gateway that has the stream; undefined: it is this one, or it is not known which one has it. */
  ownerOf(id: string): Promise<AskedPeer | undefined>;
  /** Has the gateway answer that leads; false: none does, it is not there now, or another one has passed the call on. */
  passOnToLeader(
    leader: Pick<Leadership, "isHere" | "elsewhere">,
    request: Request,
    response: Response,
    body?: Buffer,
  ): Promise<boolean>;
  /** Has a stream handed over to this gateway; false: its owner keeps it. Throws `leases_away` where nobody can tell whose it is. */
  askFor(id: string): Promise<boolean>;
  /** `POST /internal/hand-over/:id` of another gateway. */
  readonly handOver: RequestHandler<{ id: string }>;
  /** What their streams do. */
  statuses(): Promise<readonly StreamStatus[]>;
}

/** All that the routes need; built by whoever starts the server. */
export interface GatewayDeps {
  readonly config: Config;
  readonly settings: SettingsStore;
  /** Ends this process; the next one works with what is set now. */
  readonly restart: () => void;
  /** Folders whose files may be upscaled. */
  readonly roots: readonly string[];
  readonly files: MediaFiles;
  readonly streams: Streams;
  /** What each stream is, as it was saved last. */
  readonly records: StreamRecords;
  /** Other gateways of the same data folder; undefined: this one is alone. */
  readonly peers?: Peers | undefined;
  /** What stands before Jellyfin; undefined without `JELLYFIN_URL`. */
  readonly proxy?: { readonly answer: RequestListener } | undefined;
  readonly evicted: EvictedFilms;
  readonly queue: FilmQueue;
  readonly jellyfin: Jellyfin;
  /** Probes a film that somebody may play and loads its model. */
  readonly prepare: (file: FileIdentity, profile: Profile) => Promise<void>;
  /** Probes a film and says what may make it; begins nothing. */
  readonly plan: ForeseeDependencies["plan"];
  readonly outputSize: FilmSizes["outputSize"];
  /** How a film can be made, and what each way takes; begins nothing. */
  readonly choicesOf: FilmSizes["choicesOf"];
  /** Path of a picture of a film as a model would make it; begins nothing. */
  readonly preview: FilmPreview;
  /** Other machines that make segments. */
  readonly farm: FarmDesk;
  /** Where the network with this hash lies. */
  readonly modelFile: (hash: string) => Promise<string>;
  readonly loopLag: LoopLagMeter;
  readonly log: Log;
  readonly logFeed: LogFeed;
  readonly models: Models;
  readonly pictures: Pictures;
  /** What restores faces. */
  readonly faces: Pick<FaceModels, "ready" | "areHere">;
  readonly libraryPictures: LibraryPicturesTask;
  readonly machine: Machine;
  readonly renditions: Renditions;
  readonly exporter: Exporter;
  readonly jobs: Pick<Jobs, "backlog">;
  readonly pages: BuiltPages;
  readonly shelf: Shelf;
  readonly scans: Scans;
  readonly webhooks: Webhooks;
  readonly doctor: (isAnew: boolean) => Promise<readonly Finding[]>;
  readonly hold: HoldTiming;
  /** Of routes whose players are in the middle of a film: as `StreamWaiter` tells. */
  readonly reopen?: ((streamId: string) => void) | undefined;
  /** Who plays by this play session of Jellyfin's, where it is known. */
  readonly whoPlays?: ((playSessionId: string) => Promise<PlaySituation | undefined>) | undefined;
  /** Aborts when the server shuts down: open-ended answers end. */
  readonly closing: AbortSignal;
}
