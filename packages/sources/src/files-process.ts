import PQueue from "p-queue";
import {
  fileRequestsSchema,
  type FileAnswer,
  type FileAnswers,
  type FileCall,
} from "./file-calls.ts";
import { directCalls } from "./direct-calls.ts";
import { errnoOf } from "./look-at-file.ts";

/**
 * Asks disks with media for the gateway that started it, which ends it when one of them hangs: a process
 * whose threads all wait for a dead mount serves nobody. It leaves with its channel.
 */
async function answer(call: FileCall): Promise<FileAnswer> {
  try {
    switch (call.name) {
      case "look":
        return { name: "look", look: await directCalls.look(call.path) };
      case "list":
        return { name: "list", listing: await directCalls.list(call.path, call.open) };
      case "isEmpty":
        return { name: "isEmpty", isEmpty: await directCalls.isEmpty(call.path) };
      case "read":
        return { name: "read", digest: await directCalls.read(call.path, call.places) };
      case "bytes": {
        const bytes = await directCalls.bytes(call.path, call.place);
        return { name: "bytes", base64: Buffer.from(bytes).toString("base64") };
      }
      case "beside":
        return { name: "beside", files: [...(await directCalls.beside(call.path))] };
      case "readText":
        return { name: "readText", text: await directCalls.readText(call.path, call.charset) };
    }
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return { name: "failed", errno: errnoOf(thrown), message };
  }
}

const tell = (answers: FileAnswers): void =>
  void process.send?.(answers, undefined, undefined, () => {});

/** Calls of one message at a time: all of them are of one folder, whose disk may be a dead one. */
const AT_A_TIME = 3;

process.on("message", (message) => {
  const requests = fileRequestsSchema.parse(message);
  const queue = new PQueue({ concurrency: AT_A_TIME });
  const answering = requests.map(({ id, call }) =>
    queue.add(async () => ({ id, answer: await answer(call) })),
  );
  void Promise.all(answering).then(tell);
});
// Not process.exit: that waits for threads which hang.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
tell([{ id: 0, answer: { name: "ready" } }]);
