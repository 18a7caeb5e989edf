import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { enlarged, UpreelError, type ModelSpec, type Rung } from "@upreel/core";
import { likeness, testPicture, type Planes } from "../graph/prove/test-picture.ts";
import { byteTensor, createSession, loadSession, type CreateSession } from "../session.ts";
import { misplaced, readPlacement } from "./node-placement.ts";

/** What a proof run showed. */
export interface Proof {
  /** PSNR to the reference; null where there is none. */
  readonly likenessDb: number | null;
  readonly nodes: Readonly<Record<string, number>>;
}

/** Odd, so that borders of blocks show. */
const SIZE = { width: 67, height: 45 } as const;
/** Any network that enlarges gives the test picture back this well. */
const LEAST_PICTURE_DB = 20;
/** Every pixel one level off is 48 dB: what another order of additions and half floats may cost. */
const PROVIDER_BOUND = { leastDb: 45, mostLevels: 8 } as const;
/** int8 costs 58–60 dB of the built-in networks; broken kernels (saturation, AMX) cost far more. */
const TWIN_BOUND = { leastDb: 45, mostLevels: 16 } as const;

/**
 * Runs the test picture through a network on a provider. Its output must look like the picture, be what
 * `cpu` (or the fp32 twin) gives within the bounds above, and the convolutions must really have run
 * there. Throws `inference_failed` with what was found.
 */
export async function proveRung(rung: Rung, twin?: ModelSpec): Promise<Proof> {
  const { model, provider } = rung;
  const { nodes, output } = await runProfiled(rung);
  const picture = likeness(output, { scale: model.scale, trim: 0 });
  if (picture < LEAST_PICTURE_DB) {
    refuse(`The model ${model.id} does not give the picture back on ${provider}`, {
      expected: `at least ${LEAST_PICTURE_DB} dB to the picture enlarged`,
      got: `${picture.toFixed(1)} dB`,
    });
  }
  const reference = twin ?? (provider === "cpu" ? undefined : model);
  if (reference === undefined) return { likenessDb: null, nodes };
  const bound = twin === undefined ? PROVIDER_BOUND : TWIN_BOUND;
  const expected = await run({ model: reference, provider: "cpu" });
  const { db, levels } = compare(output, expected);
  if (db >= bound.leastDb && levels <= bound.mostLevels) return { likenessDb: round(db), nodes };
  return refuse(`The model ${model.id} gives another picture on ${provider} than on the CPU`, {
    expected: `at least ${bound.leastDb} dB and no pixel more than ${bound.mostLevels} levels off what ${reference.id} gives`,
    got: `${db.toFixed(1)} dB, ${levels} levels`,
  });
}

function refuse(message: string, details: { expected: string; got: string }): never {
  throw new UpreelError("inference_failed", message, details);
}

const channelsOf = ({ kind }: ModelSpec): number => (kind === "planes" ? 3 : 1);

async function run(rung: Rung, create?: CreateSession): Promise<Planes> {
  const session = await loadSession(rung, create === undefined ? {} : { create });
  try {
    const { scale } = rung.model;
    const channels = channelsOf(rung.model);
    const picture = testPicture(channels, SIZE.height, SIZE.width);
    const dims = [1, channels, enlarged(SIZE.height, scale), enlarged(SIZE.width, scale)];
    const data = new Uint8Array(dims.reduce((product, dim) => product * dim));
    await session.run(byteTensor(picture.data, picture.dims), byteTensor(data, dims));
    return { data, dims };
  } finally {
    await session.release();
  }
}

/** Runs the picture while ONNX Runtime writes down which provider ran which node. */
async function runProfiled(rung: Rung): Promise<{ nodes: Proof["nodes"]; output: Planes }> {
  const folder = await mkdtemp(join(tmpdir(), "upreel-proof-"));
  try {
    const profileFilePrefix = join(folder, "profile");
    const output = await run(rung, async (file, options) => {
      const session = await createSession(file, {
        ...options,
        enableProfiling: true,
        profileFilePrefix,
      });
      return {
        ...session,
        release() {
          session.endProfiling();
          return session.release();
        },
      };
    });
    const [profile = ""] = await readdir(folder);
    const placement = readPlacement(await readFile(join(folder, profile), "utf8"));
    const elsewhere = misplaced(placement, rung.provider);
    if (elsewhere !== undefined) {
      refuse(`The model ${rung.model.id} does not run on ${rung.provider}`, {
        expected: `its convolutions on ${rung.provider}`,
        got: elsewhere,
      });
    }
    return { nodes: placement.nodes, output };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function compare(one: Planes, other: Planes): { db: number; levels: number } {
  let [sum, levels] = [0, 0];
  for (const [at, value] of one.data.entries()) {
    const off = Math.abs(value - (other.data[at] ?? 0));
    sum += off * off;
    levels = Math.max(levels, off);
  }
  return { db: 10 * Math.log10((255 ** 2 * one.data.length) / Math.max(sum, 1e-3)), levels };
}

const round = (value: number): number => Math.round(value * 10) / 10;
