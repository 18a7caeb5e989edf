export { openJobs, type JobsOptions } from "./open-jobs.ts";
export { openLocalJobs } from "./local/local-jobs.ts";
