import type { JellyfinClient } from "@upreel/jellyfin";
import type { Leases, Log, StreamRecords } from "@upreel/core";
import type { Streams } from "@upreel/streams";
import type { Config } from "../../config.ts";
import type { Viewing } from "../../viewing/viewing.ts";
import { createLeadership } from "../leadership.ts";
import { startCarrying, type Carrying } from "./start-carrying.ts";
import { createStrmLibrary, type StrmLibrary } from "./strm-library.ts";
import type { StrmDependencies } from "./settle-strm.ts";
import { createStrmPlace } from "./strm-place.ts";

/** `.strm` files as `STRM_DIR` wants them, and one watched state of film and copy; undefined without it. */
export function startStrm(deps: {
  readonly config: Config;
  readonly client: JellyfinClient | undefined;
  readonly viewing: Viewing;
  readonly streams: Streams;
  readonly besides?: StrmDependencies["besides"];
  readonly records: Pick<StreamRecords, "read">;
  /** Other gateways may write the same files. */
  readonly leases?: Leases | undefined;
  readonly log: Log;
  /** Called when Jellyfin has the item of a stream. */
  readonly onItem: () => void;
}): StrmLibrary | undefined {
  const { config, client, viewing, records, log } = deps;
  const { strmDir } = config.jellyfin;
  const { publicUrl } = config;
  if (strmDir === undefined) return undefined;
  if (publicUrl === undefined) {
    log.warn("STRM_DIR needs PUBLIC_URL: its files contain the address that players use");
    return undefined;
  }
  const stack = new AsyncDisposableStack();
  let carrying: Carrying | undefined;
  // A lease of its own, not that of the gateway that leads with Jellyfin: files are written without a key for it, too.
  const leader = stack.use(
    createLeadership(deps.leases, {
      ...{ name: "strm", mayLead: true },
      onTaken: () => strm.look(),
      onLost: () => undefined,
    }),
  );
  const strm: StrmLibrary = stack.use(
    createStrmLibrary(
      {
        ...deps,
        leads: () => leader.isHere(),
        onItem() {
          deps.onItem();
          carrying?.look();
        },
      },
      createStrmPlace(config, records, strmDir, publicUrl),
    ),
  );
  if (client !== undefined)
    carrying = stack.use(startCarrying({ config, client, records, viewing, strm, log }));
  return { ...strm, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
