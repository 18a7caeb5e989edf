import { nameOfRung, UpreelError, type RunOrder, type RungName, type RungRef } from "@upreel/core";
import type { EngineSettings } from "../settings.ts";

/** An order by the names of this machine, and how its owner calls them. */
export function localOrder(order: RunOrder, localize: (rung: RungRef) => RungRef) {
  const pairs = [order.rung, ...(order.otherRungs ?? [])].map((owner) => ({
    owner,
    local: localize(owner),
  }));
  const [first, ...others] = pairs;
  if (first === undefined) throw new UpreelError("internal", "An order without a rung");
  const isNamed =
    (name: RungName) =>
    (rung: RungRef): boolean =>
      rung.model.id === name.model && rung.provider === name.provider;
  return {
    order: { ...order, rung: first.local, otherRungs: others.map(({ local }) => local) },
    toLocal: (name: RungName): RungName => {
      const found = pairs.find(({ owner }) => isNamed(name)(owner))?.local;
      return found === undefined ? name : nameOfRung(found);
    },
    toOwner: (name: RungName): RungName => {
      const found = pairs.find(({ local }) => isNamed(name)(local))?.owner;
      return found === undefined ? name : nameOfRung(found);
    },
  };
}

/** Faces are restored where the owner does it, as far as this machine can. */
export const localFaces = (
  { faces }: RungRef,
  { providers }: Pick<EngineSettings, "providers">,
): Pick<RungRef, "faces"> =>
  faces === undefined
    ? {}
    : {
        faces: {
          ...faces,
          provider: providers.some((each) => each === faces.provider) ? faces.provider : "cpu",
        },
      };
