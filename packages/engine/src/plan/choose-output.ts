import type { Output } from "@upreel/core";
import type { Ladder, LadderRung } from "@upreel/streams";
import { SUSTAINED_SPEED } from "../ladder/explain-rung.ts";
import { shapeOf } from "../measure/shape-of.ts";

/** What a film may become, and what would make it. */
export interface Way<O> {
  readonly output: O;
  readonly ladder: Ladder;
}

const holds = ({ rung, expectedSpeed = 0 }: LadderRung): boolean =>
  rung.model.kind !== "copy" && expectedSpeed >= SUSTAINED_SPEED;

/**
 * The larger one where that takes nothing from whoever watches: this machine makes it live, by a network of the same body as
 * the one that the usual size would be made by. What nobody has measured yet holds nothing.
 */
export async function chooseOutput<O extends Pick<Output, "inputWidth" | "width">>(
  usual: O,
  larger: O | undefined,
  ladderFor: (output: O) => Promise<Ladder>,
): Promise<Way<O>> {
  const outputs = larger === undefined ? [usual] : [usual, larger];
  const [plain, onePass] = await Promise.all(
    outputs.map(async (output) => ({ output, ladder: await ladderFor(output) })),
  );
  if (plain === undefined) throw new RangeError("no output");
  return onePass !== undefined && isHeld(onePass, plain) ? onePass : plain;
}

function isHeld(
  { output, ladder }: Way<Pick<Output, "inputWidth" | "width">>,
  usual: Way<unknown>,
) {
  const taken = usual.ladder.find(holds);
  const body = taken && shapeOf(taken.rung.model.id)?.body;
  return (
    body !== undefined &&
    ladder.some(
      (each) =>
        holds(each) &&
        shapeOf(each.rung.model.id)?.body === body &&
        // In one pass: a film for which there are no such networks stays as it was.
        each.rung.model.scale * output.inputWidth >= output.width - 1,
    )
  );
}
