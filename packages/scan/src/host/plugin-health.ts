import type { ScansAnswer } from "@upreel/core";
import type { PluginLog } from "./plugin-log.ts";

export type PluginState = ScansAnswer["plugins"][number]["state"];

export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** What a plugin's process does, and how it has done lately: after each failure it rests for longer. */
export interface PluginHealth {
  state: PluginState;
  /** Why it is in `error`. */
  readonly reason: string | undefined;
  fail(why: string): void;
  noteSuccess(): void;
  /** For so long it is not started; 0 or less: it may be. */
  restMs(): number;
  /** In words. */
  describeRest(): string;
}

export function createPluginHealth(
  log: PluginLog,
  nowMs: () => number,
  backOff: BackOff,
): PluginHealth {
  let reason: string | undefined;
  let failures = 0;
  let restsUntilMs = 0;
  return {
    state: "discovered",
    get reason() {
      return this.state === "error" ? reason : undefined;
    },
    fail(why) {
      this.state = "error";
      reason = why;
      failures += 1;
      restsUntilMs = nowMs() + Math.min(backOff.firstMs * 2 ** (failures - 1), backOff.longestMs);
      log.note("error", why);
    },
    noteSuccess() {
      failures = 0;
    },
    restMs: () => restsUntilMs - nowMs(),
    describeRest() {
      return `failed ${failures} times and rests for ${Math.ceil(this.restMs() / 1000)} s: ${reason}`;
    },
  };
}
