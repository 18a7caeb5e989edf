import { openJobFile } from "../local/job-file.ts";
import { openLocalJobs } from "../local/local-jobs.ts";
import { openValkeyJobs } from "../valkey/valkey-jobs.ts";
import { LETTERS } from "./letter-jobs.ts";

/**
 * A gateway that takes a job and never ends it, until it is killed: `node hold-job.ts <file or address> <installation> [<lock> <look>]`,
 * with the milliseconds of a server's locks and looks, if they are not to be those of every gateway.
 */
const [, , where = "", installation = "", lockMs, lookMs] = process.argv;
const log = { debug: ignore, info: ignore, warn: ignore };
function ignore(): void {}

const jobs = where.startsWith("/")
  ? await openLocalJobs(openJobFile(where, log))
  : openValkeyJobs({
      ...{ url: where, installation, log },
      ...(lockMs !== undefined && { times: { lockMs: Number(lockMs), lookMs: Number(lookMs) } }),
    });
const queue = jobs.open(LETTERS);
queue.work(async ({ id }) => {
  console.log(id);
  return new Promise(() => undefined);
});
setInterval(ignore, 60_000);
