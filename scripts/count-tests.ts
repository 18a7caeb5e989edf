import { readFileSync } from "node:fs";

const [reportPath = "", failedChecks = "0"] = process.argv.slice(2);
const { passed, failed } = count(reportPath);
const allFailed = failed + Number(failedChecks);
console.log(`${passed} passed, ${allFailed} failed`);
process.exitCode = allFailed === 0 && passed > 0 ? 0 : 1;

/** What vitest's JSON reporter writes, as far as it is needed here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly unknown[];
  }[];
}

/** A file that could not be loaded has no tests to count, yet it failed; so did a run without a report. */
function count(path: string): { passed: number; failed: number } {
  try {
    const report: Report = JSON.parse(readFileSync(path, "utf8"));
    const brokenFiles = report.testResults.filter(
      ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
    ).length;
    const failed = report.numFailedTests + brokenFiles;
    return { passed: report.numPassedTests, failed: failed === 0 && !report.success ? 1 : failed };
  } catch {
    return { passed: 0, failed: 1 };
  }
}
