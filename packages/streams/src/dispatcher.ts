import { allot, changesNothing, type Allotment } from "./allot.ts";
import { byHand, type Turns } from "./by-hand.ts";
import { RANK, type Need } from "./need.ts";
import type { Clock, Offer } from "@upreel/core";
import { giveFarm, giveHedges, giveHelp, giveMoves } from "./farm-places.ts";
import type { Workers } from "./ports.ts";
import { isOfFarm, isSilent, machinesOf } from "./places.ts";
import type { Stream } from "./stream-api.ts";

/** A parked run keeps a worker with its network in memory: not for longer than this. */
const PARKED_AT_MOST_MS = 600_000;

/** A new run on the machine of the streams, for somebody who stands still. */
const isWaitedForHere = ({ kind, run, machine, waiting }: Need): boolean =>
  kind === "make" && run === undefined && machine === undefined && waiting === "now";

/** Its worker makes what somebody waits for: a new process would take a second of a core from that. */
function endOneThatNobodyAwaits(all: readonly Stream[], needs: readonly Need[]): void {
  const awaited = new Set(
    needs.flatMap(({ rank, run }) => (rank === RANK.watched && run !== undefined ? [run] : [])),
  );
  for (const stream of all)
    for (const { live } of stream.runs()) {
      const { id, phase, machine } = live;
      if (phase === "parked" && machine === undefined && !awaited.has(id)) return stream.endRun(id);
    }
}

export interface Dispatcher {
  /** Gives the places anew. */
  dispatch(): void;
  /** As `dispatch`, when nothing changed but what this stream, which works on nothing yet, needs. */
  admit(stream: Stream): void;
  /** Gives places to what somebody watches alone, as long as `isHeld`. */
  holdBackground(isHeld: boolean): void;
  /** These go first in this order, behind what somebody watches. */
  setOrder(ids: readonly string[]): void;
  /** Gives no more places. */
  close(): void;
}

/** Runs of machines that offer nothing at the moment: they go on, and take nobody's place. */
function stranded(needs: readonly Need[], offers: readonly Offer[]): number {
  const machines = machinesOf(offers);
  return needs.filter(({ isAtWork, machine }) => isAtWork && isSilent(machine, machines)).length;
}

/**
 * Gives the places that are offered to the streams by their needs. A run that loses its place is parked: it
 * stops where it is and goes on there later. As many as there are places may be parked, the others end.
 */
export function createDispatcher(
  streams: () => readonly Stream[],
  {
    clock,
    workers,
  }: { readonly clock: Clock; readonly workers: Pick<Workers, "offers" | "isReady"> },
): Dispatcher {
  const offers = (): readonly Offer[] => workers.offers();
  let last: Allotment = { working: [], isYielding: false };
  let isBusy = false;
  let isAskedAgain = false;
  let isClosed = false;
  let isHeld = false;
  let turns: Turns = new Map();
  const parkedSinceMs = new Map<string, number>();

  const needsInTurn = (stream: Stream): Need[] =>
    turns.has(stream.id) ? stream.needs().map((need) => byHand(need, turns)) : stream.needs();

  function giveOnce(): void {
    const all = streams();
    const needs = all.flatMap(needsInTurn);
    const allowed = isHeld ? needs.filter(({ rank }) => rank === RANK.watched) : needs;
    const offered = offers();
    last = allot(allowed, offered.length + stranded(needs, offered), last.isYielding);
    const { given, places } = giveFarm(all, allowed, last.working, offered);
    const kept = new Set(given.map(({ run }) => run));
    for (const stream of all) stream.giveUpPlaces(kept);
    if (given.some(isWaitedForHere) && !workers.isReady()) endOneThatNobodyAwaits(all, needs);
    const givenTo = Map.groupBy(given, ({ stream }) => stream);
    for (const stream of all) stream.take(givenTo.get(stream.id) ?? []);
    if (places !== undefined) giveHedges(all, places);
    if (!isHeld && places !== undefined) {
      giveHelp(all, last.working, places);
      giveMoves(all, places);
    }
    clearParked(all, needs);
  }

  /** Ends parked runs that are too many, the least needed first, and those that are parked too long. */
  function clearParked(all: readonly Stream[], needs: readonly Need[]): void {
    const nowMs = clock.nowMs();
    const parked = all.flatMap((stream) =>
      stream
        .runs()
        .filter(({ live }) => live.phase === "parked")
        .map(({ live: { id } }) => ({ id, end: (): void => stream.endRun(id) })),
    );
    const parkedIds = new Set(parked.map(({ id }) => id));
    for (const id of parkedSinceMs.keys()) if (!parkedIds.has(id)) parkedSinceMs.delete(id);
    for (const { id, end } of parked) {
      const sinceMs = parkedSinceMs.get(id) ?? nowMs;
      parkedSinceMs.set(id, sinceMs);
      if (nowMs - sinceMs >= PARKED_AT_MOST_MS) end();
    }
    const rankOf = ({ id }: { readonly id: string }): number =>
      needs.find(({ run }) => run === id)?.rank ?? Number.POSITIVE_INFINITY;
    const byNeed = parked.toSorted((a, b) => rankOf(a) - rankOf(b));
    for (const { end } of byNeed.slice(offers().length)) end();
  }

  function dispatch(): void {
    isAskedAgain = true;
    // What is done here changes what is needed: once more, not one inside the other.
    if (isBusy || isClosed) return;
    isBusy = true;
    try {
      while (isAskedAgain) {
        isAskedAgain = false;
        giveOnce();
      }
    } finally {
      isBusy = false;
    }
  }

  return {
    dispatch,
    admit(stream) {
      // Three hundred triggers at once would each ask all the others what they need.
      const isAtWork = last.working.some((given) => given.stream === stream.id);
      const offered = offers();
      const isIdle =
        !offered.some(isOfFarm) && !isBusy && !isHeld && !isAtWork && stream.runs().length === 0;
      const comesToNothing = (need: Need): boolean => changesNothing(last, need, offered.length);
      if (!isIdle || !needsInTurn(stream).every(comesToNothing)) dispatch();
    },
    holdBackground(held) {
      isHeld = held;
      dispatch();
    },
    setOrder(ids) {
      turns = new Map(ids.map((id, turn) => [id, turn]));
      dispatch();
    },
    close() {
      isClosed = true;
    },
  };
}
