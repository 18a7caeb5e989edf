import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { farmJoinSchema, type RunEnd, type RunOrder } from "@upreel/core";
import { createGatewayClient, keepConnected, workForFarm } from "@upreel/workers";

const QUIET = { ...{ debug: () => {}, info: () => {} }, ...{ warn: () => {}, error: () => {} } };
const PAUSE_MS = 50;

/** What it sends for a segment: noise, and packets that are none of a film. */
const RUBBISH: readonly (() => Uint8Array<ArrayBuffer>)[] = [
  () => randomBytes(4_000),
  () => Buffer.alloc(188 * 50, 0x47),
  () => Buffer.from("<html>no segment</html>"),
  () => new Uint8Array(1),
];

/** A worker that says it is the fastest of all, and sends rubbish for every segment that it is given. */
export async function startRubbishWorker(gatewayUrl: string): Promise<AsyncDisposable> {
  const added = await fetch(`${gatewayUrl}/farm/workers`, {
    ...{ method: "POST", body: JSON.stringify({ name: "rubbish" }) },
    headers: { "Content-Type": "application/json" },
  });
  const { name, key } = farmJoinSchema.parse(await added.json());
  const address = { url: gatewayUrl, name, key };
  const gateway = createGatewayClient(address);
  const ending = new AbortController();

  async function sendAll({ runId, fromSegment, toSegment }: RunOrder): Promise<RunEnd> {
    for (let k = fromSegment; k < toSegment && !ending.signal.aborted; k++) {
      const bytes = RUBBISH[k % RUBBISH.length]?.() ?? new Uint8Array(1);
      await gateway.putSegment(runId, k, bytes, ending.signal).catch(() => undefined);
      await sleep(PAUSE_MS);
    }
    return { why: "finished", frames: 1_000_000 };
  }

  const connected = keepConnected(
    address,
    (link) =>
      workForFarm(link, {
        log: QUIET,
        facts: {
          ...{ version: "0", platform: "none", cpu: "the fastest of all" },
          ...{ cores: 4_096, memoryBytes: 1e15, gpus: [] },
        },
        offer: () => ({
          ...{ places: 2, providers: ["cpu"], encoders: ["libx264"], cores: 4_096, speeds: [] },
        }),
        pool: {
          start: async (order) => ({
            ended: sendAll(order),
            ...{ setRung: () => {}, pause: () => {}, resume: () => {}, cancel: () => {} },
          }),
        },
        localize: (order) => ({ order, toLocal: (rung) => rung, toOwner: (rung) => rung }),
        onSource: () => undefined,
      }).over,
    QUIET,
    ending.signal,
  );
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await connected.catch(() => undefined);
    },
  };
}
