import { answer, failure, json, operation, queryParameter, ref } from "./openapi-parts.ts";

const benchmark = answer("All networks on all providers", json(ref("Benchmark")));

/** Paths about the machine. */
export const machinePaths = {
  "/doctor": {
    get: {
      ...operation(
        "What works on this machine and what fixes the rest; the first call takes seconds, later ones tell the same for ten minutes",
        answer("What was found", json(ref("DoctorAnswer"))),
      ),
      parameters: [queryParameter("again", "Look again, whatever was found before")],
    },
  },
  "/hardware": {
    get: operation(
      "Processor, its instructions, memory and disk",
      answer("The hardware", json(ref("Hardware"))),
    ),
  },
  "/addresses": {
    get: operation(
      "Where other devices reach the pages, the likeliest address first; none where only this machine can",
      answer("The addresses", json(ref("Addresses"))),
    ),
  },
  "/gpus": {
    get: operation(
      "GPUs, their drivers, and what each provider of networks lacks",
      answer("The GPUs", json(ref("GpuReport"))),
    ),
  },
  "/features": {
    get: operation(
      "What can be done here, and why other things cannot",
      answer(
        "The features",
        json({
          type: "object",
          properties: { features: { type: "array", items: ref("Feature") } },
        }),
      ),
    ),
  },
  "/benchmark": {
    get: operation("What was measured of every network on every provider", benchmark),
    post: {
      summary: "Measure all of it again; followed here or at /events",
      responses: { 202: benchmark, default: failure },
    },
  },
};
