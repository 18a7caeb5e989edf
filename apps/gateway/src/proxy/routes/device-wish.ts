import { UpreelError } from "@upreel/core";
import { json, type RequestHandler } from "express";
import { z } from "zod";

/** Who knows a device's id, which is unguessable, may choose for it. */
export const deviceSchema = z.object({ device_id: z.string().min(1).max(500) });

/** Reads the body of a wish, whatever type it claims to have. */
export const wishBody = (): RequestHandler => json({ type: () => true, limit: "4kb" });

/** What a body wishes for a device. Throws `bad_request`. */
export function parseWish<T>(
  schema: z.ZodType<T>,
  body: unknown,
  { problem, expected }: { readonly problem: string; readonly expected: string },
): T {
  const wish = schema.safeParse(body);
  if (wish.success) return wish.data;
  throw new UpreelError("bad_request", problem, {
    expected,
    got: JSON.stringify(body ?? null).slice(0, 100),
  });
}

/** This port has answered nothing for that device or session. */
export const unknownPlayback = (): UpreelError =>
  new UpreelError("not_found", "no such playback is known", {
    expected: "playSessionId or deviceId of a client that plays through this port",
  });

/** What the device plays is not upscaled, or the device has stopped. */
export const nothingMade = (): UpreelError =>
  new UpreelError("not_found", "nothing is being made for this device", {
    expected: "deviceId of a client that plays an upscaled film through this port",
  });
