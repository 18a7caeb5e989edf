import { readFileSync } from "node:fs";

const [reportPath = "", failedChecks = "0"] = process.argv.slice(2);
const { passed, failed, skipped } = count(reportPath);
const allFailed = failed + Number(failedChecks);
const without = skipped.length === 0 ? "" : `, ${skipped.length} skipped: ${skipped.join("; ")}`;
console.log(`${passed} passed, ${allFailed} failed${without}`);
process.exitCode = allFailed === 0 && passed > 0 ? 0 : 1;

/** What vitest's JSON reporter writes, as far as it is needed here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly title: string }[];
  }[];
}

/** A file that could not be loaded has no tests to count, yet it failed; so did a run without a report. */
function count(path: string): { passed: number; failed: number; skipped: readonly string[] } {
  try {
    const report: Report = JSON.parse(readFileSync(path, "utf8"));
    const brokenFiles = report.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    ).length;
    const failed = report.numFailedTests + brokenFiles;
    const skipped = report.testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === "skipped" || status === "pending")
      .map(({ title }) => title);
    const allFailed = failed === 0 && !report.success ? 1 : failed;
    return { passed: report.numPassedTests, failed: allFailed, skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: [] };
  }
}
