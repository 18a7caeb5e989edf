import { isElsewhere, type Offer } from "@upreel/core";
import type { Need } from "./need.ts";

/** Where a need is, or is to be, done; undefined: on the machine of the streams. */
export type Place = string | undefined;

/** Of an offer. */
export const placeOf = ({ machine }: Offer): Place => (isElsewhere(machine) ? machine : undefined);

/** An offer of another machine than that of the streams. */
export const isOfFarm = ({ machine }: Offer): boolean => isElsewhere(machine);

/** The machines that offer anything at the moment. */
export const machinesOf = (offers: readonly Offer[]): ReadonlySet<string> =>
  new Set(offers.map(({ machine }) => machine));

/** Whether it offers nothing at the moment: what works there goes on, until it is done or the machine is lost. */
export const isSilent = (place: Place, machines: ReadonlySet<string>): boolean =>
  place !== undefined && isElsewhere(place) && !machines.has(place);

/** Free places by machine; what works on a machine that offers none now is not moved. */
export class Places {
  readonly #free = new Map<Place, number>();
  readonly #offers = new Map<Place, Offer>();
  readonly #busy = new Set<Place>();

  constructor(offers: readonly Offer[]) {
    for (const offer of offers) {
      const place = placeOf(offer);
      this.#free.set(place, (this.#free.get(place) ?? 0) + 1);
      this.#offers.set(place, offer);
    }
  }

  /** One offer of each machine. */
  byPlace = (): ReadonlyMap<Place, Offer> => this.#offers;

  has = (place: Place): boolean => (this.#free.get(place) ?? 0) > 0;

  take(place: Place): void {
    this.#busy.add(place);
    this.#free.set(place, (this.#free.get(place) ?? 0) - 1);
  }

  /** Offers of machines with a free place, that of the streams first. */
  free = (): readonly Offer[] =>
    [...this.#offers].flatMap(([place, offer]) => (this.has(place) ? [offer] : []));

  /** Of those where nothing works: two runs on one machine are no faster than one. */
  idle = (): readonly Offer[] => this.free().filter((offer) => this.isIdle(placeOf(offer)));

  isIdle = (place: Place): boolean => this.has(place) && !this.#busy.has(place);

  /** Those with a free place, first where nothing works. */
  idleFirst = (): readonly Offer[] => [...new Set([...this.idle(), ...this.free()])];
}

/** How fast a need would be done at an offer; undefined: not known, 0: not at all. */
export type PlaceSpeed = (need: Need, offer: Offer) => number | undefined;

/**
 * A place for each of these needs, as far as there are any: what is at work stays where it is, what is parked goes on
 * there if it can, and what is new goes where it is done fastest. `isOpen`: which offers may be taken.
 */
export function placeNeeds(
  needs: readonly Need[],
  places: Places,
  speedAt: PlaceSpeed,
  isOpen: (offer: Offer) => boolean = () => true,
): Need[] {
  const placed = new Map<Need, Need>();
  const stay = (need: Need): void => {
    places.take(need.machine);
    placed.set(need, need);
  };
  for (const need of needs) if (need.isAtWork) stay(need);
  for (const need of needs) {
    if (!need.isAtWork && need.run !== undefined && places.has(need.machine)) stay(need);
  }
  // Found anew only when one was taken: most often there are many needs, and none is free.
  let open = places.free().filter(isOpen);
  for (const need of needs) {
    if (open.length === 0) break;
    if (placed.has(need)) continue;
    const best = bestPlace(need, open, speedAt);
    if (best === undefined) continue;
    // Planning is done by the gateway, whoever gives way for it.
    const machine = need.kind === "plan" ? undefined : placeOf(best);
    places.take(placeOf(best));
    if (!places.has(placeOf(best))) open = open.filter((offer) => offer !== best);
    // One that is parked where there is no place any more is left, and done anew.
    placed.set(need, { ...need, machine, run: undefined });
  }
  return needs.flatMap((need) => placed.get(need) ?? []);
}

function bestPlace(need: Need, offers: readonly Offer[], speedAt: PlaceSpeed): Offer | undefined {
  const speeds = offers.flatMap((offer) => {
    const isHere = placeOf(offer) === undefined;
    if (need.kind === "plan") return isHere ? [{ offer, speed: 1 }] : [];
    const known = offer.plansOnly === true ? 0 : speedAt(need, offer);
    // One whose speed nobody knows comes last, but for the machine of the streams.
    const speed = known ?? (isHere ? Number.MIN_VALUE : 0);
    return known === 0 ? [] : [{ offer, speed }];
  });
  return speeds.toSorted((a, b) => b.speed - a.speed)[0]?.offer;
}
