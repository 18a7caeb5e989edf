import type { JobKind } from "@upreel/core";
import { z } from "zod";

const nothing = z.object({});

/** Work that a queue gives to a process, which dies with it. */
export const HELD: JobKind<object, object, object> = {
  ...{ name: "held", data: nothing, progress: nothing, result: nothing },
  ...{ atATime: 1, tries: 3, backOffMs: 1, isWorthAgain: () => false },
};

const ignore = (): void => undefined;
export const QUIET = { debug: ignore, info: ignore, warn: ignore };
