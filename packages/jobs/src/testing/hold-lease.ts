import { eventually } from "@upreel/testkit";
import { openValkeyLeases } from "../leases/open-valkey-leases.ts";

/** A gateway that takes the stream `s` and holds it until it is killed: `node hold-lease.ts <server> <installation> <address>`. */
const [, , url = "", installation = "", address = ""] = process.argv;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {}

const leases = await openValkeyLeases({
  ...{ url, installation, address, log, times: { leaseMs: 1_000, renewMs: 100 } },
});
// Where a lease runs out meanwhile, it has to be renewed in between.
await eventually("it is taken", async () => (await leases.take("s", 0)).kind === "own");
console.log("held");
