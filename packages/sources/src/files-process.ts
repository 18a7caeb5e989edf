import { fileRequestSchema, type FileAnswer, type FileRequest } from "./file-calls.ts";
import { directCalls } from "./direct-calls.ts";
import { errnoOf } from "./look-at-file.ts";

/**
 * Asks disks with media for the gateway that started it, which ends it when one of them hangs: a process
 * whose threads all wait for a dead mount serves nobody. It leaves with its channel.
 */
async function answer({ call }: FileRequest): Promise<FileAnswer["answer"]> {
  try {
    switch (call.name) {
      case "look":
        return { name: "look", look: await directCalls.look(call.path) };
      case "list":
        return { name: "list", listing: await directCalls.list(call.path, call.open) };
      case "isEmpty":
        return { name: "isEmpty", isEmpty: await directCalls.isEmpty(call.path) };
      case "read":
        await directCalls.read(call.path, call.places);
        return { name: "read" };
    }
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { name: "failed", errno: errnoOf(thrown), message };
  }
}

const tell = (id: number, told: FileAnswer["answer"]): void =>
  void process.send?.({ id, answer: told } satisfies FileAnswer, undefined, undefined, () => {});

process.on("message", (message) => {
  const request = fileRequestSchema.parse(message);
  void answer(request).then((told) => tell(request.id, told));
});
// Not process.exit: that waits for threads which hang.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
tell(0, { name: "ready" });
