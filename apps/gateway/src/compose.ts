import { UpreelError } from "@upreel/core";
import type { Log, Streams } from "@upreel/streams";
import type { Config } from "./config.ts";

/** Everything behind the routes. */
export interface Composition extends AsyncDisposable {
  readonly streams: Streams;
}

/** Placeholder until the parts are composed. */
export async function composeGateway(_config: Config, _log: Log): Promise<Composition> {
  throw new UpreelError("internal", "the gateway is not composed yet");
}
