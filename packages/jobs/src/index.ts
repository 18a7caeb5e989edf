export { openJobs, type JobsOptions } from "./open-jobs.ts";
export { createLocalJobs } from "./local/local-jobs.ts";
export { openLeases, type LeasesOptions } from "./leases/open-leases.ts";
export { createLocalLeases } from "./leases/local-leases.ts";
export { examineServer, type ServerFacts } from "./valkey/examine-server.ts";
