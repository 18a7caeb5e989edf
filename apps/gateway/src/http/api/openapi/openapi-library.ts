import { answer, failure, json, operation, ref } from "./openapi-parts.ts";

const plan = answer("The plan", json(ref("LibraryPlan")));
const accepted = (summary: string) => ({
  summary,
  responses: { 202: plan, default: failure },
});

/** What is upscaled ahead of time. */
export const libraryPaths = {
  "/library/plan": { get: operation("What is upscaled ahead of time, and why not", plan) },
  "/library/start": { post: accepted("Begin with the plan now, whatever the hours") },
  "/library/stop": { post: accepted("Pause until the next night") },
};
