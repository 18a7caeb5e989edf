import { benchmarkSchema } from "@upreel/core";
import { eventually } from "@upreel/testkit";
import type { RunningGateway } from "../../tests/support/start-gateway.ts";

/** Waits until a gateway has timed its networks, as it does once on every machine, beside which a start is slower. */
export async function untilMeasured({ url }: RunningGateway): Promise<void> {
  await eventually(
    "the figures of all networks",
    async () => {
      const answer = await fetch(`${url}/benchmark`);
      return benchmarkSchema.parse(await answer.json()).state === "idle";
    },
    300_000,
  );
}
