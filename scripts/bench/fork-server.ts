import { fork } from "node:child_process";
import { once } from "node:events";
import { basename } from "node:path";

/** A server in a process of its own. */
export interface ForkedServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts `program`, which sends its port once it listens, and ends when it is disconnected. */
export async function forkServer(program: URL, ...args: readonly string[]): Promise<ForkedServer> {
  const child = fork(program, args);
  const ended = once(child, "exit");
  const [port] = (await Promise.race([
    once(child, "message"),
    ended.then(([code]) => {
      throw new Error(`${basename(program.pathname)} ended with ${code} before it listened`);
    }),
  ])) as [number];
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
