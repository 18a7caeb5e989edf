import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually, type Random } from "@upreel/testkit";
import { childrenOf } from "../../tests/support/processes.ts";
import { startFarmWorker, type FarmWorkerProcess } from "../../tests/support/start-farm-worker.ts";
import type { RunningGateway } from "../../tests/support/start-gateway.ts";

const FAULTS = [
  "farm worker killed",
  "farm worker stopped and back",
  "farm worker drained",
] as const;
type Fault = (typeof FAULTS)[number];

/** Less than the silence by which a worker is lost, and more. */
const STOPPED_MS = [3_000, 9_000] as const;
const DRAINED_MS = 5_000;

/** Workers beside a gateway, to which something happens now and then. */
export interface SoakFarm extends AsyncDisposable {
  /** Does the fault that came least often to one of the workers; all of them work again when it settles. */
  strike(): Promise<Fault>;
  readonly strikes: ReadonlyMap<Fault, number>;
  /** All processes of the workers that are there. */
  processes(): Promise<readonly number[]>;
  /** Segments that were taken from workers, also from those that are gone. */
  sent(): Promise<number>;
}

export async function startSoakFarm(
  gateway: RunningGateway,
  folder: string,
  count: number,
  random: Random,
): Promise<SoakFarm> {
  // Those that come back are no others: nothing is measured again.
  const env = { MODELS_DIR: join(folder, "farm-models"), MAX_STREAMS: "1" };
  let started = 0;
  const start = (): Promise<FarmWorkerProcess> => {
    started += 1;
    return startFarmWorker(gateway, join(folder, "farm"), `worker-${started}`, { env });
  };
  const workers: FarmWorkerProcess[] = [];
  for (let n = 0; n < count; n += 1) workers.push(await start());
  const strikes = new Map<Fault, number>(FAULTS.map((fault) => [fault, 0]));
  let sentByOthers = 0;

  const treeOf = async ({ pid }: FarmWorkerProcess): Promise<readonly number[]> => [
    pid,
    ...(await childrenOf(pid)).map((child) => child.pid),
  ];
  const sentBy = async (worker: FarmWorkerProcess): Promise<number> =>
    // The gateway may be the one that was killed.
    worker.see().then(
      ({ segments }) => segments,
      () => 0,
    );
  async function signalAll(worker: FarmWorkerProcess, signal: NodeJS.Signals): Promise<void> {
    for (const pid of await treeOf(worker)) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended meanwhile.
      }
    }
  }
  const tell = (path: string): Promise<unknown> =>
    eventually("the gateway", () =>
      fetch(`${gateway.url}/farm/workers/${path}`, { method: "POST" }).then(
        ({ status }) => status === 204 || status === 404,
        () => false,
      ),
    );

  async function doTo(n: number, fault: Fault): Promise<void> {
    const worker = workers[n]!;
    if (fault === "farm worker drained") {
      await tell(`${worker.name}/drain`);
      await sleep(DRAINED_MS);
      await tell(`${worker.name}/resume`);
    } else if (fault === "farm worker stopped and back") {
      await signalAll(worker, "SIGSTOP");
      await sleep(random.pick([...STOPPED_MS]));
      await signalAll(worker, "SIGCONT");
    } else {
      sentByOthers += await sentBy(worker);
      await signalAll(worker, "SIGKILL");
      await worker.kill();
      workers[n] = await start();
    }
  }

  return {
    strikes,
    async strike() {
      const fewest = Math.min(...strikes.values());
      const fault = random.pick(FAULTS.filter((each) => strikes.get(each) === fewest))!;
      await doTo(Math.floor(random.next() * workers.length), fault);
      strikes.set(fault, fewest + 1);
      return fault;
    },
    processes: async () => (await Promise.all(workers.map(treeOf))).flat(),
    async sent() {
      const now = await Promise.all(workers.map(sentBy));
      return now.reduce((sum, segments) => sum + segments, sentByOthers);
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker[Symbol.asyncDispose]();
    },
  };
}
