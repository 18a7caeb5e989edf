import type { ModelSpec, Rung } from "@upreel/core";
import type { DeviceTurn } from "../providers/device-turn.ts";
import { loadSession, type Session } from "../session.ts";
import type { LoadedModel } from "./infer-frame.ts";
import type { FoundRule } from "./plan-work.ts";

/** What a thread has loaded. */
export interface ModelCache {
  /** `frames`: the network whose frames the plain scaler is to take and give. */
  load(rung: Rung, frames: ModelSpec): Promise<LoadedModel>;
  /** Frees what others hold. */
  keepOnly(rungs: readonly Rung[]): Promise<void>;
}

export function createModelCache(deviceTurn: DeviceTurn): ModelCache {
  const models = new Map<string, LoadedModel>();

  async function open(rung: Rung, frames: ModelSpec): Promise<LoadedModel> {
    if (rung.model.kind === "copy") {
      const { PLAIN_TILES, createPlainScaler } = await import("../plain/plain-scaler.ts");
      const session = createPlainScaler(frames.scale);
      return { rung, session, tileRule: async () => PLAIN_TILES, foundRule: () => PLAIN_TILES };
    }
    const session = await loadSession(rung, { deviceTurn });
    return { rung, session, ...tileRuleOf(session, rung) };
  }

  return {
    async load(rung, frames) {
      const key = keyOf(rung, frames);
      const known = models.get(key);
      if (known !== undefined) return known;
      const model = await open(rung, frames);
      models.set(key, model);
      return model;
    },
    async keepOnly(rungs) {
      for (const [key, { rung, session }] of models) {
        if (rungs.some((kept) => isSame(kept, rung))) continue;
        models.delete(key);
        await session.release();
      }
    },
  };
}

const isSame = (a: Rung, b: Rung): boolean =>
  a.model.file === b.model.file && a.provider === b.provider && a.tilePixels === b.tilePixels;

const keyOf = ({ model, provider, tilePixels }: Rung, frames: ModelSpec): string =>
  model.kind === "copy" ? `plain:${frames.scale}` : `${provider}:${tilePixels}:${model.file}`;

/** Found when first asked for: what reads graphs takes a while to load, and the proof as long as a frame. */
function tileRuleOf(session: Session, rung: Rung): Pick<LoadedModel, "tileRule" | "foundRule"> {
  let rule: Promise<FoundRule> | undefined;
  let found: FoundRule | undefined;
  const find = async (): Promise<FoundRule> => {
    const { findTileRule } = await import("./find-tile-rule.ts");
    return (found = (await findTileRule(session, rung)) ?? "none");
  };
  return { tileRule: () => (rule ??= find()), foundRule: () => found };
}
