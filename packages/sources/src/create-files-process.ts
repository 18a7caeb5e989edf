import { dirname } from "node:path";
import { UpreelError } from "@upreel/core";
import { FilesProcess, type FilesProcessOptions } from "./ask-files-process.ts";
import type { FileAnswer, FileCalls } from "./file-calls.ts";

/**
 * Asks disks in a process of its own, so that one that hangs holds up nothing but what is asked of it:
 * each call has a deadline, after which that process is ended and another one goes on with the rest.
 * What a folder that does not answer is asked rejects with `source_unavailable`.
 */
export function createFilesProcess(options: FilesProcessOptions = {}): FileCalls & AsyncDisposable {
  const calls = new FilesProcess(options);
  return {
    async look(path) {
      const answer = await calls.ask({ name: "look", path }, dirname(path));
      if (answer.name !== "look") throw failed(answer);
      return answer.look;
    },
    async list(path, open) {
      const answer = await calls.ask({ name: "list", path, open: [...open] }, path);
      if (answer.name !== "list") throw failed(answer);
      return answer.listing;
    },
    async isEmpty(path) {
      const answer = await calls.ask({ name: "isEmpty", path }, path);
      if (answer.name !== "isEmpty") throw failed(answer);
      return answer.isEmpty;
    },
    async read(path, places) {
      const answer = await calls.ask({ name: "read", path, places: [...places] }, dirname(path));
      if (answer.name !== "read") throw failed(answer);
      return answer.digest;
    },
    async bytes(path, place) {
      const answer = await calls.ask({ name: "bytes", path, place }, dirname(path));
      if (answer.name !== "bytes") throw failed(answer);
      return Buffer.from(answer.base64, "base64");
    },
    async beside(path) {
      const answer = await calls.ask({ name: "beside", path }, dirname(path));
      if (answer.name !== "beside") throw failed(answer);
      return answer.files;
    },
    async readText(path, charset) {
      const answer = await calls.ask({ name: "readText", path, charset }, dirname(path));
      if (answer.name !== "readText") throw failed(answer);
      return answer.text;
    },
    [Symbol.asyncDispose]: () => calls.close(),
  };
}

const failed = (answer: FileAnswer): Error =>
  answer.name === "failed"
    ? Object.assign(new Error(answer.message), { code: answer.errno })
    : new UpreelError("internal", `the process for files answered ${answer.name}`);
