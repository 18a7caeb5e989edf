/** A plugin that does this when it is asked about a film. */
export const whenAsked = (script: string): string =>
  `methods["mediaScan.scanSingle"] = (id, { file }) => { ${script} }; begin()`;

/** Writes the value of an expression again and again, as fast as it is read. */
export const endless = (text: string, pipe: "stdout" | "stderr" = "stdout"): string =>
  `const x = ${text}; const go = () => { while (process.${pipe}.write(x)); process.${pipe}.once("drain", go); }; go();`;

/** More processes than a plugin may have, which stay. */
export const CROWD = `const { spawn } = await import("node:child_process"); ${whenAsked(
  'spawn("sh", ["-c", "n=0; while [ $n -lt 400 ]; do sleep 1000 & n=$((n+1)); done; wait"], { stdio: "ignore" });',
)}`;
