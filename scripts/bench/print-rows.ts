import { availableParallelism, cpus } from "node:os";

export type Row = readonly [what: string, figure: number, unit: string];

/** A table for people, or JSON with what the machine is. `about`: what was measured. */
export function printRows(about: string, model: string, rows: readonly Row[], json: boolean): void {
  const cores = availableParallelism();
  const cpu = cpus()[0]?.model ?? "unknown";
  if (json) {
    const machine = { cores, cpu, node: process.version };
    console.log(JSON.stringify({ machine, model, rows }, undefined, 2));
    return;
  }
  console.log(`${about}, ${model}, ${cores} cores of ${cpu}\n`);
  console.log("| what | figure | unit |\n| --- | ---: | --- |");
  for (const [what, figure, unit] of rows) {
    console.log(`| ${what} | ${figure.toFixed(figure < 10 ? 2 : 1)} | ${unit} |`);
  }
}
