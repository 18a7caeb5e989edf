import {
  UpreelError,
  toUpreelError,
  webhookReceiverSchema,
  type WebhookReceiver,
} from "@upreel/core";
import { JsonFile } from "@upreel/files";
import { z } from "zod";

const fileSchema = z.strictObject({ receivers: z.array(webhookReceiverSchema).max(50) });

/** Who is told of events: a file that people may write, too. */
export interface ReceiversFile {
  readonly all: readonly WebhookReceiver[];
  /** What is wrong with the file; then nobody is told, and it is not written. */
  readonly problem: string | undefined;
  /** Throws `bad_request`. */
  replace(receivers: readonly WebhookReceiver[]): Promise<void>;
}

export async function openReceiversFile(path: string): Promise<ReceiversFile> {
  const file = new JsonFile(path, fileSchema, {
    ...{ isDurable: true, makesFolder: true, indent: 2, mode: 0o600 },
  });
  let all: readonly WebhookReceiver[] = [];
  let problem: string | undefined;
  try {
    all = (await file.read())?.receivers ?? [];
  } catch (thrown) {
    const text =
      thrown instanceof z.ZodError ? z.prettifyError(thrown) : toUpreelError(thrown).message;
    problem = `${path} cannot be read: ${text}`;
  }
  return {
    get all() {
      return all;
    },
    problem,
    async replace(receivers) {
      if (problem !== undefined)
        throw new UpreelError("bad_request", problem, {
          expected: "the file to be put right or deleted, and Upreel to be started again",
        });
      await file.write({ receivers: [...receivers] });
      all = receivers;
    },
  };
}
