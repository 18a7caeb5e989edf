import type { IncomingMessage } from "node:http";
import { UpreelError } from "@upreel/core";
import type { FarmDesk } from "@upreel/engine";

/** The worker whose name and key a call carries. Throws `unauthorized`. */
export function workerOf({ headers }: IncomingMessage, farm: Pick<FarmDesk, "isKey">): string {
  const given = /^Bearer\s+([a-z0-9-]{1,32}):([\w-]{1,100})$/i.exec(headers.authorization ?? "");
  const [, name = "", key = ""] = given ?? [];
  if (farm.isKey(name, key)) return name;
  throw new UpreelError("unauthorized", "this request needs a worker's key", {
    expected: "Authorization: Bearer NAME:KEY, as `upreel farm add NAME` gave it",
    got: given === null ? "none" : `another key for ${name}`,
  });
}
