import { isElsewhere, type Offer } from "@upreel/core";
import { byNeed } from "./allot.ts";
import type { Help } from "./life/help.ts";
import { RANK, type LiveRun, type Need } from "./need.ts";
import {
  isOfFarm,
  isSilent,
  machinesOf,
  placeNeeds,
  placeOf,
  Places,
  type PlaceSpeed,
} from "./places.ts";
import type { Stream } from "./stream-api.ts";

/** What goes on where, and which places are left; undefined: there are no machines but that of the streams. */
interface GivenPlaces {
  readonly given: readonly Need[];
  readonly places: Places | undefined;
}

/**
 * Lays what the places were given to over several machines. What one machine spares for a viewer another one need not:
 * it goes on with what is next, and with runs that nobody waits for.
 */
export function giveFarm(
  streams: readonly Stream[],
  needs: readonly Need[],
  working: readonly Need[],
  offers: readonly Offer[],
): GivenPlaces {
  const runs = streams.flatMap((stream) => stream.runs().map(({ live }) => ({ stream, live })));
  const isFarm = offers.some(isNotAll) || runs.some(({ live }) => isElsewhere(live.machine));
  if (!isFarm) return { given: working, places: undefined };
  const byId = new Map(streams.map((stream) => [stream.id, stream]));
  const speedAt: PlaceSpeed = ({ stream }, offer) => byId.get(stream)?.speedAt(offer);
  const places = new Places(offers);
  const given = placeNeeds(working, places, speedAt);
  const chosen = new Set(working);
  const held = needs
    .filter((need) => !chosen.has(need) && need.kind !== "plan" && need.rank !== RANK.prepared)
    .toSorted(byNeed);
  given.push(...placeNeeds(held.filter(mayGoElsewhere), places, speedAt, isOfFarm));
  const wanted = new Set(needs.map(({ run }) => run));
  const others = runs.filter(
    ({ live }) => live.kind === "make" && live.phase !== "ending" && !wanted.has(live.id),
  );
  const machines = machinesOf(offers);
  for (const { stream, live } of others) {
    if (!places.isIdle(live.machine) && !isSilent(live.machine, machines)) continue;
    places.take(live.machine);
    given.push(helperNeed(stream.id, live));
  }
  return { given, places };
}

/** Not of a machine of the streams that makes whatever there is. */
const isNotAll = (offer: Offer): boolean => isOfFarm(offer) || offer.plansOnly === true;

const mayGoElsewhere = ({ run, machine }: Need): boolean =>
  run === undefined || isElsewhere(machine);

/** A run that fills the film beside what is waited for. */
const helperNeed = (stream: string, { id, next, to, phase, machine }: LiveRun): Need => ({
  ...{ stream, kind: "make", gap: { from: next, to }, run: id, isAtWork: phase === "working" },
  ...{ rank: RANK.background, leadSeconds: 0, order: 0, waiting: "no", machine },
});

/** What is late of what somebody waits for is made by a second machine as well, one that has nothing to do if there is any. */
export function giveHedges(streams: readonly Stream[], places: Places): void {
  let open = places.idleFirst();
  for (const stream of streams) {
    if (open.length === 0) return;
    for (const offer of open) {
      const need = stream.hedgeAt(offer);
      if (need === undefined) continue;
      places.take(placeOf(offer));
      stream.take([need]);
      open = places.idleFirst();
      break;
    }
  }
}

/** Machines that fill what every viewer has passed help with what somebody comes to, while there is any of it to share. */
export function giveMoves(streams: readonly Stream[], places: Places): void {
  const byPlace = places.byPlace();
  for (const stream of streams) {
    // A run that is ended is not found again, nor is one that somebody comes to.
    for (let move = stream.moveAhead(byPlace); move; move = stream.moveAhead(byPlace)) {
      stream.endRun(move.run);
      stream.take([move.need]);
    }
  }
}

/** Machines that have nothing to do take a part of what others make, of the film that needs it most. */
export function giveHelp(
  streams: readonly Stream[],
  working: readonly Need[],
  places: Places,
): void {
  const byId = new Map(streams.map((stream) => [stream.id, stream]));
  const inOrder = new Set(working.toSorted(byNeed).flatMap(({ stream }) => byId.get(stream) ?? []));
  const idle = places.idle();
  const crew = { idle, byPlace: places.byPlace() };
  const films = [...inOrder].map((stream) => {
    const ask = stream.helpFor(crew);
    return { stream, ask, help: undefined as Help | undefined };
  });
  // What a film has is found once, and again after each part that is taken: with two hundred machines, looking at all of them for
  // each of them and each film took seconds.
  let open = films;
  for (const n of idle.keys()) {
    for (const film of open) {
      film.help ??= film.ask();
      const need = film.help.needFor(n);
      if (need === undefined) continue;
      film.stream.take([need]);
      film.help = undefined;
      break;
    }
    open = open.filter(({ help }) => help?.isNone !== true);
    if (open.length === 0) return;
  }
}
