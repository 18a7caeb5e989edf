import { nameOfRung, type Reason, type RunOrder, type RungName } from "@upreel/core";
import { expect } from "vitest";
import type { WorkerProgress } from "../ports.ts";
import type { Dice } from "./random-answers.ts";

const REFUSAL: Reason = { code: "model_unusable", message: "it cannot be loaded" };

/** For tests alone: by what the run of a worker makes its segments, which changes when it is told to, at some time or never. */
export class RandomRungs {
  readonly #order: RunOrder;
  readonly #rungs: NonNullable<WorkerProgress["rungs"]>[number][];
  readonly #refused: NonNullable<WorkerProgress["refused"]>[number][] = [];
  #asked: RungName | undefined;

  constructor(order: RunOrder) {
    this.#order = order;
    this.#rungs = [{ ...nameOfRung(order.rung), fromSegment: order.fromSegment }];
  }

  ask(rung: RungName): void {
    const { otherRungs = [] } = this.#order;
    expect([this.#order.rung, ...otherRungs].map(nameOfRung)).toContainEqual(rung);
    expect(this.#asked, "it is asked before it has answered").toBeUndefined();
    expect(this.#refused, "it is asked again for what it cannot load").not.toContainEqual({
      ...{ ...rung, reason: REFUSAL },
    });
    this.#asked = rung;
  }

  /** As its worker tells of it when it makes segment `next`. */
  progress(next: number, dice: Dice): Pick<WorkerProgress, "rungs" | "refused"> {
    if (this.#asked !== undefined && dice.chance(0.5)) {
      if (dice.chance(0.3)) this.#refused.push({ ...this.#asked, reason: REFUSAL });
      else this.#rungs.push({ ...this.#asked, fromSegment: next });
      this.#asked = undefined;
    }
    return { rungs: [...this.#rungs], refused: [...this.#refused] };
  }
}
