import type { LookCommand, LookEvent } from "./film-look.ts";
import { takeLook } from "./take-look.ts";

/**
 * Looks at pictures of films for the gateway that started it, whose own thread answers players. What it is asked for overlaps:
 * each picture leaves the others a turn. It loads no schemas, since it stays (decision 46), and leaves with its channel.
 */
const looking = new Map<number, AbortController>();

const tell = (event: LookEvent): void =>
  void process.send?.(event, undefined, undefined, () => undefined);

process.on("message", (command: LookCommand) => {
  const { id } = command;
  if (command.type === "cancel") return looking.get(id)?.abort();
  const cancelled = new AbortController();
  looking.set(id, cancelled);
  void takeLook(command.look, cancelled.signal)
    .then(
      (answer) => tell({ type: "seen", id, answer }),
      (thrown: unknown) => tell({ type: "failed", id, message: String(thrown) }),
    )
    .finally(() => looking.delete(id));
});
process.on("disconnect", () => process.exit());
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
