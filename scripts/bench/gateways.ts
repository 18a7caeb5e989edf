import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { segmentFileName } from "@upreel/core";
import { eventually, freePort, makeClip, makeTempFolder, startValkey } from "@upreel/testkit";
import { pacedFfmpeg } from "../../tests/support/paced-ffmpeg.ts";
import { startGateway, type RunningGateway } from "../../tests/support/start-gateway.ts";
import { timeStalledJob } from "./stalled-job.ts";
import { printRows, type Row } from "./print-rows.ts";

const MODEL = "lanczos";
/** Of film, in a second: no film is finished before its gateway ends. */
const SPEED = 3;
const FILM_SECONDS = 120;
/** What players have ready when it happens. */
const READY = 2;

/** Seconds from the end of a gateway on. */
interface TakeOver {
  /** Until another one has its film. */
  readonly taken: number;
  /** Until a segment is there that was not. */
  readonly made: number;
}

type Ending = (gateway: RunningGateway) => PromiseLike<void>;

/**
 * How long a film of one gateway waits for another one when the first is killed or stopped; and, of jobs that wait
 * in a queue, how long one waits whose process is killed.
 */
export async function benchGateways({
  json,
  count,
}: {
  readonly json: boolean;
  readonly count: number;
}): Promise<void> {
  await using folder = await makeTempFolder();
  await using valkey = await startValkey();
  const at = (name: string): string => join(folder.path, name);
  const killed = await timeTakeOvers(at("killed"), valkey.url, count, (each) => each.kill());
  const stopped = await timeTakeOvers(at("stopped"), valkey.url, count, (each) =>
    each[Symbol.asyncDispose](),
  );
  const stalled = await timeStalledJob(valkey.url);
  const rows: Row[] = [
    ...rowsOf("killed: another one has its film", killed, "taken"),
    ...rowsOf("killed: a segment is there that it had not made", killed, "made"),
    ...rowsOf("stopped: another one has its film", stopped, "taken"),
    ...rowsOf("stopped: a segment is there that it had not made", stopped, "made"),
    ["a job in a queue, its process killed: the next one has it", stalled, "s"],
  ];
  printRows(`one of two gateways, ${count} times each`, MODEL, rows, json);
}

function rowsOf(what: string, seen: readonly TakeOver[], name: keyof TakeOver): readonly Row[] {
  const sorted = seen.map((each) => each[name]).toSorted((a, b) => a - b);
  return [
    [`${what}, median`, sorted[Math.floor(sorted.length / 2)] ?? NaN, "s"],
    [`${what}, longest`, sorted.at(-1) ?? NaN, "s"],
  ];
}

async function timeTakeOvers(
  folder: string,
  valkeyUrl: string,
  count: number,
  end: Ending,
): Promise<readonly TakeOver[]> {
  await using stack = new AsyncDisposableStack();
  await mkdir(folder);
  const env = { FARM_URL: valkeyUrl, MODEL, FFMPEG: await pacedFfmpeg(folder, SPEED) };
  const start = async (): Promise<RunningGateway> => {
    const port = await freePort();
    const own = { ...env, GATEWAY_URL: `http://127.0.0.1:${port}` };
    const dataDir = join(folder, "data");
    return stack.use(await startGateway({ dataDir, roots: folder, port, env: own }));
  };
  const seen: TakeOver[] = [];
  let owner = await start();
  for (let n = 0; n < count; n++) {
    const film = join(folder, `film ${n}.mp4`);
    await makeClip(film, { width: 64, height: 36, rate: 25, seconds: FILM_SECONDS });
    const { id } = await owner.trigger(film);
    const other = await start();
    await owner.waitFor(id, ({ segments_ready: ready }) => ready >= READY);
    const { segments_ready: next } = await owner.status(id);
    const beganMs = performance.now();
    const since = (): number => (performance.now() - beganMs) / 1_000;
    const [taken, made] = await Promise.all([
      eventually("it has it", () => worksOn(other, id)).then(since),
      eventually("a segment", () => isThere(other, id, next + 1)).then(since),
      end(owner),
    ]);
    seen.push({ taken, made });
    await other.post(`/streams/${id}/cancel`);
    owner = other;
  }
  return seen;
}

/** Only who has a stream tells what becomes of it. */
const worksOn = ({ logLines }: RunningGateway, id: string): boolean =>
  logLines.some((line) => line.includes(`Stream ${id}:`));

/** One that is asked for is made first, and waited for. */
const isThere = (gateway: RunningGateway, id: string, k: number): Promise<boolean> =>
  fetch(`${gateway.url}/hls/${id}/segments/${segmentFileName(k)}`).then(
    async (answer) => answer.ok && (await answer.arrayBuffer()).byteLength > 0,
    () => false,
  );
