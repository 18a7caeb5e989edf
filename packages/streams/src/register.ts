import { streamElsewhere, UpreelError } from "@upreel/core";
import type { Stream } from "./stream-api.ts";

interface Entry {
  readonly stream: Promise<Stream>;
  /** Settles when the last call in hand is done: calls for one stream follow each other. */
  turn: Promise<unknown>;
}

/** Streams that are open, by their ids and their files. */
function createIndex() {
  const byId = new Map<string, Stream>();
  /** A stream stays one of the same file. */
  const byPath = new Map<string, Set<Stream>>();
  return {
    byId: byId as ReadonlyMap<string, Stream>,
    ofFile: (path: string): Stream[] => [...(byPath.get(path) ?? [])],
    add(id: string, stream: Stream): void {
      byId.set(id, stream);
      const { path } = stream.record.file;
      const others = byPath.get(path);
      if (others === undefined) byPath.set(path, new Set([stream]));
      else others.add(stream);
    },
    delete(id: string): void {
      const stream = byId.get(id);
      if (stream === undefined) return;
      byId.delete(id);
      const { path } = stream.record.file;
      const others = byPath.get(path);
      others?.delete(stream);
      if (others?.size === 0) byPath.delete(path);
    },
  };
}

/** Calls for one stream follow each other, so that none finds it half-way. */
function createTurns() {
  const entries = new Map<string, Entry>();
  /** Were here, and are another gateway's now. */
  const left = new Set<string>();
  const notHere = (id: string): UpreelError => (left.has(id) ? streamElsewhere(id) : notFound(id));

  function inTurn<T>(entry: Entry, act: () => Promise<T>): Promise<T> {
    const done = entry.turn.then(act);
    entry.turn = done.catch(() => {});
    return done;
  }

  /** Throws `stream_not_found`, also when it is removed before its turn comes; or does `absent`. */
  async function control<T>(
    id: string,
    act: (stream: Stream) => Promise<T>,
    absent: () => T = () => {
      throw notHere(id);
    },
  ): Promise<T> {
    const entry = entries.get(id);
    if (entry === undefined) return absent();
    return inTurn(entry, async () =>
      entries.get(id) === entry ? act(await entry.stream) : absent(),
    );
  }

  /** Waits for the calls in hand; no failure keeps the others from being closed. */
  async function closeAll(
    end: (stream: Stream) => Promise<void>,
    onError: (error: unknown) => void,
  ): Promise<void> {
    await Promise.all(
      [...entries.values()].map((entry) =>
        inTurn(entry, async () => end(await entry.stream)).catch(onError),
      ),
    );
  }

  return { entries, left, notHere, inTurn, control, closeAll };
}

/** All streams by their ids. */
export function createRegister() {
  const { entries, left, notHere, inTurn, control, closeAll } = createTurns();
  const index = createIndex();
  const opened = index.byId;

  return {
    has: (id: string): boolean => entries.has(id),
    all: (): Stream[] => [...opened.values()],
    /** The streams of one file, however many others there are. */
    ofFile: index.ofFile,
    /** Undefined when the stream is unknown, still being opened, or being removed. */
    peek: (id: string): Stream | undefined => opened.get(id),
    /** How many streams work or wait to, those that are just being opened included. */
    workingCount(): number {
      let count = entries.size - opened.size;
      for (const { isWorking } of opened.values()) if (isWorking) count += 1;
      return count;
    },
    /** How many streams there are, whatever they do. */
    get size(): number {
      return entries.size;
    },
    find(id: string): Stream {
      const stream = opened.get(id);
      if (stream === undefined) throw notHere(id);
      return stream;
    },
    /** Waits for a stream that is still being opened. */
    opened(id: string): Promise<Stream> {
      const entry = entries.get(id);
      return entry === undefined ? Promise.reject(notHere(id)) : entry.stream;
    },
    /** Takes in a stream that is open already. */
    adopt(id: string, stream: Stream): Stream {
      left.delete(id);
      entries.set(id, { stream: Promise.resolve(stream), turn: Promise.resolve() });
      index.add(id, stream);
      return stream;
    },
    /** In the register before it is open: a second call for the same stream finds it there. */
    add<T>(id: string, make: () => Promise<Stream>, begin: (stream: Stream) => T): Promise<T> {
      const opening = make().then((stream) => {
        index.add(id, stream);
        return stream;
      });
      const entry: Entry = { stream: opening, turn: Promise.resolve() };
      entries.set(id, entry);
      left.delete(id);
      return inTurn(entry, async () => {
        try {
          return begin(await opening);
        } catch (error) {
          entries.delete(id);
          index.delete(id);
          throw error;
        }
      });
    },
    ...{ control, closeAll },
    /** Before it is removed: whoever asks for it is told that it is elsewhere. */
    leave: (id: string): void => void left.add(id),
    /** It is nowhere any more. */
    forget: (id: string): void => void left.delete(id),
    /**
     * Nobody finds it from now on; its id is free only afterwards: a stream of the same id that comes
     * meanwhile is made after that. Undefined where it is not meant any more when its turn comes.
     */
    remove: <T>(
      id: string,
      act: (stream: Stream) => Promise<T>,
      onRemoved: () => void,
      isMeant: (stream: Stream) => boolean = () => true,
    ): Promise<T | undefined> =>
      control<T | undefined>(id, async (stream) => {
        if (!isMeant(stream)) return undefined;
        index.delete(id);
        try {
          return await act(stream);
        } finally {
          entries.delete(id);
          onRemoved();
        }
      }),
  };
}

const notFound = (id: string): UpreelError =>
  new UpreelError("stream_not_found", `There is no stream ${id}`, {
    expected: "an id that POST /upscale-trigger has answered",
    got: id,
  });
