import { join } from "node:path";
import { nightOf, type Hours, type Log } from "@upreel/core";
import { JsonFile } from "@upreel/files";
import { z } from "zod";

const nightSchema = z.object({ name: z.string(), begun: z.number().int().nonnegative() });

/** A time in which films are made, and how many have been begun in it. */
export type Night = Readonly<z.infer<typeof nightSchema>>;

const BY_HAND = "by hand";

export interface NightsParts {
  readonly hours: Hours;
  /** Keeps how many films a night has begun: a restart does not begin as many again. */
  readonly dataDir: string;
  readonly now: () => Date;
  readonly log: Pick<Log, "warn">;
}

/** The nights of `hours`, and those that are begun and ended by hand. */
export function createNights({ hours, dataDir, now, log }: NightsParts) {
  const file = new JsonFile(join(dataDir, "library-night.json"), nightSchema, {
    isDurable: true,
    makesFolder: true,
  });
  let isByHand = false;
  /** The night that was stopped by hand. */
  let stopped: string | undefined;
  let night: Night | undefined;

  async function begin(name: string): Promise<Night> {
    const stored = name === BY_HAND ? undefined : await file.readOrForget();
    return stored?.name === name ? stored : { name, begun: 0 };
  }

  return {
    /** Whose night it is; `undefined` when nothing may be made. `onNew`: it is another one than before. */
    async current(onNew: () => void): Promise<Night | undefined> {
      const name = isByHand ? BY_HAND : nightOf(hours, now());
      if (name === undefined || name === stopped) return undefined;
      if (night?.name !== name) {
        night = await begin(name);
        onNew();
      }
      return night;
    },
    /** Films begun in the last one. */
    begun: (): number => night?.begun ?? 0,
    /** A film was begun in this night. */
    async count({ name, begun }: Night): Promise<void> {
      night = { name, begun: begun + 1 };
      if (name === BY_HAND) return;
      await file.write(night).catch((error: unknown) => {
        log.warn("how many films were started this night cannot be saved", {
          error: String(error),
        });
      });
    },
    /** Another gateway counts from now on. */
    forget(): void {
      night = undefined;
    },
    start(): void {
      isByHand = true;
      stopped = undefined;
      if (night?.name === BY_HAND) night = undefined;
    },
    /** All is made of a night that was begun by hand. */
    endByHand(): void {
      isByHand = false;
    },
    stop(): void {
      isByHand = false;
      stopped = nightOf(hours, now());
    },
  };
}
