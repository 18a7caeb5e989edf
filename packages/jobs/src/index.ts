export { openJobs, type JobsOptions } from "./open-jobs.ts";
export { createLocalJobs } from "./local/local-jobs.ts";
