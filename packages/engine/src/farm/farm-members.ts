import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import {
  nightOf,
  parseHours,
  UpreelError,
  workerLimitsSchema,
  workerNameSchema,
  type WorkerLimits,
  type WorkerLimitsChange,
} from "@upreel/core";
import { JsonFile } from "@upreel/files";
import { z } from "zod";

export const FARM_FILE = "farm.json";

/** More machines than that are many farms. */
const MOST_WORKERS = 1_000;

const workSchema = z.enum(["yes", "paused", "draining"]);
type Work = z.infer<typeof workSchema>;

const membersSchema = z.array(
  z.object({
    name: workerNameSchema,
    keyHash: z.string().regex(/^[0-9a-f]{64}$/),
    work: workSchema,
    limits: workerLimitsSchema.default({}),
  }),
);
type Member = z.infer<typeof membersSchema>[number];

/** The machines that may join, each with a key of its own that can be taken away. Kept in one file. */
export interface FarmMembers {
  names(): readonly string[];
  /** Its key, which is known nowhere else from then on. Throws `bad_request`. */
  add(name: string): Promise<string>;
  /** Throws `not_found`. */
  remove(name: string): Promise<void>;
  /** Throws `not_found`. */
  setWork(name: string, work: Work): Promise<void>;
  /** Throws `not_found`. */
  setLimits(name: string, change: WorkerLimitsChange): Promise<void>;
  limitsOf(name: string): WorkerLimits;
  /** By hand, and by its hours. */
  mayWork(name: string): Work | "resting";
  /** Whether this is the key of this machine. */
  isKey(name: string, key: string): boolean;
}

const hashOf = (key: string): string => createHash("sha256").update(key).digest("hex");

export async function openFarmMembers(
  file: string,
  now: () => Date = () => new Date(),
): Promise<FarmMembers> {
  const stored = new JsonFile(file, membersSchema, {
    ...{ isDurable: true, indent: 2, makesFolder: true, mode: 0o600 },
  });
  let members: readonly Member[] = (await stored.read()) ?? [];
  const find = (name: string): Member | undefined => members.find((each) => each.name === name);

  const require = (name: string): Member => {
    const found = find(name);
    if (found !== undefined) return found;
    throw new UpreelError("not_found", `There is no worker ${name.slice(0, 40)}`, {
      expected:
        members.map((each) => each.name).join(", ") || "one added by `upreel farm add NAME`",
    });
  };

  async function keep(next: readonly Member[]): Promise<void> {
    await stored.write([...next]);
    members = next;
  }

  return {
    names: () => members.map(({ name }) => name),
    async add(given) {
      const name = workerNameSchema.safeParse(given);
      if (!name.success || find(given) !== undefined || members.length >= MOST_WORKERS) {
        throw new UpreelError("bad_request", "A worker cannot have this name", {
          expected: `a name of its own: small letters, digits and dashes, at most 32`,
          got: name.success ? `${given}, which is there already` : given.slice(0, 80),
        });
      }
      const key = randomBytes(24).toString("base64url");
      await keep([...members, { name: name.data, keyHash: hashOf(key), work: "yes", limits: {} }]);
      return key;
    },
    async remove(name) {
      require(name);
      await keep(members.filter((each) => each.name !== name));
    },
    async setWork(name, work) {
      require(name);
      await keep(members.map((each) => (each.name === name ? { ...each, work } : each)));
    },
    async setLimits(name, { while_in_use, ...others }) {
      const { limits } = require(name);
      const wanted = Object.entries({ ...others, whileInUse: while_in_use }).filter(
        ([, value]) => value !== undefined,
      );
      const next = { ...limits, ...Object.fromEntries(wanted) };
      const left = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== null));
      const changed = workerLimitsSchema.parse(left);
      await keep(members.map((each) => (each.name === name ? { ...each, limits: changed } : each)));
    },
    limitsOf: (name) => find(name)?.limits ?? {},
    mayWork(name) {
      const { work = "paused", limits = {} } = find(name) ?? {};
      const hours = limits.hours === undefined ? undefined : parseHours(limits.hours);
      const isOut = hours !== undefined && nightOf(hours, now()) === undefined;
      return work === "yes" && isOut ? "resting" : work;
    },
    isKey(name, key) {
      // As long for a name that nobody has.
      const wanted = find(name)?.keyHash ?? hashOf("");
      const isIt = timingSafeEqual(Buffer.from(hashOf(key), "hex"), Buffer.from(wanted, "hex"));
      return isIt && find(name) !== undefined && key !== "";
    },
  };
}
