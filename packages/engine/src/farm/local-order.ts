import { nameOfRung, UpreelError, type RunOrder, type RungName, type RungRef } from "@upreel/core";

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
