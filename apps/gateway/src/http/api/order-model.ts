import { modelOrderSchema, UpreelError } from "@upreel/core";
import type { GatewayDeps } from "../deps.ts";

/**
 * By what the rest of a stream is made, for all who watch it: the last one who chooses decides. Throws `bad_request`
 * for what is no order, `stream_not_found`, and what `Models.requireName` throws.
 */
export async function orderModel(
  { streams, models }: Pick<GatewayDeps, "streams" | "models">,
  id: string,
  given: unknown,
): Promise<void> {
  streams.status(id);
  const order = modelOrderSchema.safeParse(given);
  if (!order.success)
    throw new UpreelError("bad_request", "the model for the film is not understood", {
      expected:
        '{"model": "best"}, {"sharpness": 0} (to 1, or null), {"faces": 0.7} (to 1, or null), or several',
      got: String(JSON.stringify(given)).slice(0, 100),
    });
  const { model, sharpness, faces } = order.data;
  if (model !== undefined) await models.requireName(model);
  await streams.chooseModel(id, {
    ...(model !== undefined && { model }),
    ...(sharpness !== undefined && { sharpness }),
    ...(faces !== undefined && { faces }),
  });
}
