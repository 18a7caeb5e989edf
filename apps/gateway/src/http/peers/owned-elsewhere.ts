import { UpreelError } from "@upreel/core";

/** The id of a stream that another gateway makes; throws what else is thrown. */
export function ownedElsewhere(thrown: unknown): string {
  if (thrown instanceof UpreelError && thrown.code === "stream_elsewhere" && thrown.got)
    return thrown.got;
  throw thrown;
}
