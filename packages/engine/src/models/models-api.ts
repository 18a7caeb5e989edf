import type { ModelEntry } from "@upreel/core";
import type { Downloads } from "./downloads.ts";

/** The models of a gateway. */
export interface Models {
  list(): Promise<readonly ModelEntry[]>;
  /** Throws `model_not_found`. */
  get(id: string): Promise<ModelEntry>;
  /** Throws `model_unknown` or `model_unusable` for what no film can be made by. */
  requireName(name: string): Promise<void>;
  /** What the folder of models takes, and may take. */
  space(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number }>;
  /** A new empty place for a file that comes in; whoever asks deletes what is left there. */
  incomingFile(): Promise<string>;
  /** Copies a model file in, with the weights of a second one beside it. Throws `model_unusable` with the reason, `models_full` or `bad_request`. */
  importFile(file: string): Promise<ModelEntry>;
  /** The same for a file from `incomingFile`, which is moved. */
  take(file: string, fileName: string): Promise<ModelEntry>;
  remove(id: string): Promise<void>;
  /** Begins to download a public model, or goes on with it. Throws `model_not_found`. */
  download(id: string): Promise<ModelEntry>;
  readonly downloads: Pick<Downloads, "subscribe" | "whenDone">;
  /** Keeps a model loaded in the spare worker. Throws as `get` does, and `bad_request` where none is. */
  load(id: string): Promise<ModelEntry>;
  /** The spare worker goes back to the model of the settings. */
  unload(id: string): Promise<ModelEntry>;
}
