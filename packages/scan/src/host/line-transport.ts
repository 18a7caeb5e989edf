import {
  AbstractMessageReader,
  AbstractMessageWriter,
  Disposable,
  type DataCallback,
  type Message,
  type MessageReader,
  type MessageWriter,
} from "vscode-jsonrpc";

/** JSON-RPC with one object a line, as plugins speak it; the library brings HTTP-like headers alone. */
export class LineReader extends AbstractMessageReader implements MessageReader {
  #callback: DataCallback | undefined;
  readonly #onRubbish: (line: string) => void;

  constructor(onRubbish: (line: string) => void) {
    super();
    this.#onRubbish = onRubbish;
  }

  listen(callback: DataCallback): Disposable {
    this.#callback = callback;
    return Disposable.create(() => {
      this.#callback = undefined;
    });
  }

  take(line: string): void {
    const message = line.startsWith("{") ? parseObject(line) : undefined;
    if (message !== undefined) this.#callback?.(message);
    else if (line.trim() !== "") this.#onRubbish(line);
  }

  end(): void {
    this.fireClose();
  }
}

/** Throws when the plugin takes nothing any more. */
export class LineWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #write: (line: string) => boolean;

  constructor(write: (line: string) => boolean) {
    super();
    this.#write = write;
  }

  // oxlint-disable-next-line typescript/require-await -- the library's contract
  async write(message: Message): Promise<void> {
    if (!this.#write(JSON.stringify(message))) throw new Error("it does not read what it is told");
  }

  end(): void {
    // There is nothing to flush.
  }
}

function parseObject(line: string): Message | undefined {
  try {
    const json: unknown = JSON.parse(line);
    if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined;
    return { ...json, ...ownId(json), jsonrpc: "2.0" };
  } catch {
    return undefined;
  }
}

/** Answers belong to calls by the text of their id; ours are numbers, and the library takes "1" for another one than 1. */
const ownId = (message: object): { readonly id?: number } =>
  !("method" in message) && "id" in message && /^\d{1,15}$/.test(String(message.id))
    ? { id: Number(message.id) }
    : {};
