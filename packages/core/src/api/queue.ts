import { z } from "zod";

const idSchema = z.string().max(100);

/** Body of `POST /queue`: films in the order in which they are to be made … */
export const queueMoveSchema = z.strictObject({
  ids: z.array(idSchema).min(1).max(10_000),
  /** … before this one; null: after all others, absent: before all others. */
  before: idSchema.nullable().optional(),
});
export type QueueMove = z.infer<typeof queueMoveSchema>;

/** `GET` and `POST /queue`. */
export const queueAnswerSchema = z.object({
  /** All streams that wait, are being made or are paused, in the order in which they are made as long as nobody watches. */
  ids: z.array(z.string()),
  /** How many of them, from the first one on, were put in order by hand. */
  by_hand: z.int(),
});
export type QueueAnswer = z.infer<typeof queueAnswerSchema>;
