import { constants, open, type FileHandle } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** No system tells when somebody opens a named pipe. */
const LOOK_AGAIN_MS = 10;

const WRITE = constants.O_WRONLY | constants.O_NONBLOCK;

/** A named pipe that keeps what is written to it, whoever opens or closes it meanwhile. */
export interface HeldFifo extends AsyncDisposable {
  /**
   * Nothing more will be written: its reader gets what is in it, and then its end. Settles when the reader has opened it, since
   * what nobody has open is empty; `isOver` says that there will be no reader.
   */
  end(isOver: () => boolean): Promise<void>;
}

/** Holds the named pipe at `path` open until it is ended. */
export async function holdFifo(path: string): Promise<HeldFifo> {
  const both = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  return {
    async end(isOver) {
      let writing: FileHandle;
      try {
        writing = await open(path, WRITE);
      } finally {
        await both.close();
      }
      try {
        while (!isOver() && !(await isRead(path))) await sleep(LOOK_AGAIN_MS);
      } finally {
        await writing.close();
      }
    },
    [Symbol.asyncDispose]: () => both.close(),
  };
}

/** Whether somebody has the pipe open for reading: to write to one that nobody reads is refused (ENXIO, open(2)). */
async function isRead(path: string): Promise<boolean> {
  let writing: FileHandle;
  try {
    writing = await open(path, WRITE);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENXIO") return false;
    throw thrown;
  }
  await writing.close();
  return true;
}
