import { z } from "zod";

/**
 * What a connection wants: the gateway's own interface, Jellyfin through its proxy, what the upscaler plugin asks, or
 * what callers of remote transcoders do.
 */
const doorSchema = z.enum(["api", "proxy", "service", "transcode"]);
export type Door = z.infer<typeof doorSchema>;

/** Supervisor to gateway; the socket itself travels beside the message. */
export const socketMessageSchema = z.object({
  type: z.literal("socket"),
  number: z.int(),
  door: doorSchema,
});
export type SocketMessage = z.infer<typeof socketMessageSchema>;

/** Gateway to supervisor. */
export const gatewayMessageSchema = z.discriminatedUnion("type", [
  /** The gateway takes sockets from now on. */
  z.object({ type: z.literal("ready") }),
  /** The socket is the gateway's: without this word it would be given to the next gateway. */
  z.object({ type: z.literal("taken"), number: z.int() }),
  /** It is to be ended, and another one started with what is set now. */
  z.object({ type: z.literal("restart") }),
]);
export type GatewayMessage = z.infer<typeof gatewayMessageSchema>;
