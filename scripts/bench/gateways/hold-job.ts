import { openJobs } from "@upreel/jobs";
import { HELD, QUIET } from "./held-job.ts";

/** A gateway that takes a job and never ends it, until it is killed: `node hold-job.ts <address> <installation>`. */
const [, , url = "", installation = ""] = process.argv;
const jobs = await openJobs({ url, installation, file: "", log: QUIET });
jobs.open(HELD).work(({ id }) => {
  console.log(id);
  return new Promise(() => undefined);
});
