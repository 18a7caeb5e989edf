import { fileURLToPath } from "node:url";
import { UpreelError } from "@upreel/core";
import { startPeer, type Peer } from "@upreel/processes";
import {
  fileAnswersSchema,
  type FileAnswers,
  type FileAnswer as Answer,
  type FileCall as Call,
  type FileRequests,
} from "./file-calls.ts";
import { THREADS, nextBatches } from "./next-batches.ts";
import { SentCalls } from "./sent-calls.ts";

export interface FilesProcessOptions {
  /** A call that takes longer is given up. Default 5 s. */
  readonly longestMs?: number;
  /** A folder that did not answer is not asked again for so long. Default 5 s. */
  readonly restMs?: number;
  readonly script?: string;
}

interface Pending {
  readonly call: Call;
  readonly folder: string;
  readonly settle: (outcome: Answer | UpreelError) => void;
  /** Whether the process has it now; else it waits for a thread. */
  isSent: boolean;
  /** Runs from the first time on that it was sent. */
  deadline: NodeJS.Timeout | undefined;
  sentAtMs: number;
  sends: number;
}

const MOST_WAITING = 512;
/** One that ends its process again and again is given up. */
const MOST_SENDS = 5;
/** Of the deadline: what waits nearly as long as what is given up is given up with it. */
const AS_LONG = 0.8;
const SCRIPT = fileURLToPath(new URL("files-process.ts", import.meta.url));

const UNSENT = { isSent: false, deadline: undefined, sentAtMs: 0, sends: 0 };

/** Sends calls to the process, each with its deadline, and replaces one that hangs. */
export class FilesProcess {
  readonly #longestMs: number;
  readonly #restMs: number;
  readonly #script: string;
  readonly #pending = new Map<number, Pending>();
  /** When folders that did not answer may be asked again. */
  readonly #resting = new Map<string, number>();
  readonly #sent = new SentCalls();
  #child: Peer<FileRequests> | undefined;
  #isReady = false;
  #lastId = 0;
  #isClosed = false;

  constructor({ longestMs = 5_000, restMs = 5_000, script = SCRIPT }: FilesProcessOptions) {
    this.#longestMs = longestMs;
    this.#restMs = restMs;
    this.#script = script;
    this.#start();
  }

  ask(call: Call, folder: string): Promise<Answer> {
    const isResting = performance.now() < (this.#resting.get(folder) ?? 0);
    if (this.#isClosed || isResting || this.#pending.size >= MOST_WAITING) {
      return Promise.reject(this.#unanswered(folder));
    }
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const settle = (outcome: Answer | UpreelError): void => {
      clearTimeout(entry.deadline);
      if (entry.isSent) this.#sent.count(entry, -1);
      this.#pending.delete(id);
      if (outcome instanceof UpreelError) reject(outcome);
      else {
        this.#resting.delete(folder);
        resolve(outcome);
      }
    };
    const entry: Pending = { call, folder, settle, ...UNSENT };
    this.#pending.set(id, entry);
    if (this.#sent.mayBeSent(entry)) this.#sendWaiting();
    return promise;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const child = this.#child;
    this.#child = undefined;
    for (const { settle, folder } of this.#pending.values()) settle(this.#unanswered(folder));
    child?.kill();
    // Not awaited: one that waits for a dead disk may not even end by that.
  }

  #start(): void {
    const child = startPeer<FileRequests, FileAnswers>(
      {
        command: [process.execPath, this.#script],
        ...{ stderr: "inherit", env: { UV_THREADPOOL_SIZE: String(THREADS) } },
      },
      {
        schema: fileAnswersSchema,
        onMessage: (answers) => {
          if (child !== this.#child) return;
          for (const { id, answer } of answers) {
            if (answer.name === "ready") this.#isReady = true;
            else this.#pending.get(id)?.settle(answer);
          }
          this.#sendWaiting();
        },
      },
    );
    this.#child = child;
    this.#isReady = false;
    void child.ended.then(() => {
      if (child !== this.#child) return;
      // One that ends before it is ready would be started for ever.
      if (!this.#isReady) for (const each of this.#pending.values()) each.sends += 1;
      this.#replace();
    });
  }

  /** Another process goes on with what is still to be answered. */
  #replace(): void {
    this.#child?.kill();
    this.#child = undefined;
    this.#sent.clear();
    for (const each of this.#pending.values()) {
      each.isSent = false;
      if (each.sends >= MOST_SENDS) each.settle(this.#unanswered(each.folder));
    }
    if (this.#pending.size > 0 && !this.#isClosed) this.#start();
  }

  #sendWaiting(): void {
    if (this.#isClosed || this.#pending.size === 0) return;
    if (this.#child === undefined) this.#start();
    if (!this.#isReady) return;
    const waiting = [...this.#pending].filter(([, { isSent }]) => !isSent);
    const calls = waiting.map(([id, { call, folder }]) => ({ folder, request: { id, call } }));
    for (const [folder, batch] of nextBatches(calls, this.#sent.byFolder))
      this.#send(folder, batch);
  }

  #send(folder: string, batch: FileRequests): void {
    for (const { id } of batch) {
      const each = this.#pending.get(id);
      if (each === undefined) continue;
      if (each.deadline === undefined) {
        each.deadline = setTimeout(() => this.#giveUp(folder), this.#longestMs);
        each.sentAtMs = performance.now();
      }
      each.isSent = true;
      each.sends += 1;
      this.#sent.count(each, 1);
    }
    // A message to one that just died is lost; its exit sends it to the next one.
    this.#child?.send(batch);
  }

  /** All that waits for this folder is told; what else waits goes on in another process. */
  #giveUp(folder: string): void {
    const nowMs = performance.now();
    for (const [known, untilMs] of this.#resting) if (untilMs < nowMs) this.#resting.delete(known);
    const dead = new Set([folder]);
    for (const { deadline, sentAtMs, folder: other } of this.#pending.values()) {
      const isLate = nowMs - sentAtMs >= AS_LONG * this.#longestMs;
      if (deadline !== undefined && isLate) dead.add(other);
    }
    for (const each of dead) this.#resting.set(each, nowMs + this.#restMs);
    for (const each of this.#pending.values()) {
      if (dead.has(each.folder)) each.settle(this.#unanswered(each.folder));
    }
    this.#replace();
  }

  #unanswered(folder: string): UpreelError {
    return new UpreelError("source_unavailable", `the folder ${folder} does not answer`, {
      expected: `an answer of its disk within ${this.#longestMs / 1000} s`,
      got: "silence: is it a network drive that is away?",
    });
  }
}
