import type { SettingsAnswer } from "@upreel/core";
import { call, GatewayError } from "../../api/gateway.ts";

const ASK_EVERY_MS = 500;

/** The settings, as soon as none waits for a restart any more; undefined: `signal` aborted before. */
export async function untilRestarted(
  signal: AbortSignal,
  everyMs = ASK_EVERY_MS,
): Promise<SettingsAnswer | undefined> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    if (signal.aborted) return undefined;
    try {
      const answer = await call<SettingsAnswer>("settings", { signal });
      if (answer.settings.every(({ is_waiting: isWaiting }) => !isWaiting)) return answer;
    } catch (thrown) {
      if (signal.aborted) return undefined;
      // Nobody listens while it starts.
      if (!(thrown instanceof GatewayError) || thrown.code !== "offline") throw thrown;
    }
  }
}
