import type { FileCall } from "./file-calls.ts";

/** Calls of one folder that the process has at once: a dead one cannot take all its threads. */
export const MOST_OF_FOLDER = 3;

/** What the process has of a folder now. */
export interface Sent {
  readonly calls: number;
  /** How many of these are looks. */
  readonly looks: number;
}

export const NOTHING_SENT: Sent = { calls: 0, looks: 0 };

/** Whether looks alone are under way there. */
export const areLooks = ({ calls, looks }: Sent): boolean => calls > 0 && calls === looks;

interface FolderCall {
  readonly folder: string;
  readonly call: FileCall;
}

/** What the process has of each folder now. */
export class SentCalls {
  readonly #byFolder = new Map<string, Sent>();

  get byFolder(): ReadonlyMap<string, Sent> {
    return this.#byFolder;
  }

  /** Whether it could be told to the process now; else it goes with those that wait already. */
  mayBeSent({ folder, call }: FolderCall): boolean {
    const sent = this.#byFolder.get(folder) ?? NOTHING_SENT;
    return sent.calls < MOST_OF_FOLDER && !(call.name === "look" && areLooks(sent));
  }

  count({ folder, call }: FolderCall, change: 1 | -1): void {
    const { calls, looks } = this.#byFolder.get(folder) ?? NOTHING_SENT;
    const sent = { calls: calls + change, looks: looks + (call.name === "look" ? change : 0) };
    if (sent.calls > 0) this.#byFolder.set(folder, sent);
    else this.#byFolder.delete(folder);
  }

  /** The process is gone, and what it had with it. */
  clear(): void {
    this.#byFolder.clear();
  }
}
