import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";

interface Cause {
  message: string;
  stack?: string;
  diff?: string;
}

/** Says what failed, and why: without the lines of the stack that are the test library's own. */
function report(where: string, errors: readonly Cause[]): void {
  if (errors.length === 0) return;
  const texts = errors.map(({ message, stack, diff }) => {
    const own = (stack ?? message).split("\n").filter((line) => !line.includes("/node_modules/"));
    return [...own, ...(diff === undefined ? [] : [diff])].join("\n");
  });
  process.stdout.write(`\nFAILED ${where}\n${texts.join("\n\n")}\n\n`);
}

/**
 * Says at once why a test failed. The default reporter keeps the causes until all tests have ended, and a run that is
 * stopped half way never says them.
 */
export default class FailureReporter implements Reporter {
  onTestCaseResult(test: TestCase): void {
    const result = test.result();
    if (result.state === "failed")
      report(`${test.module.relativeModuleId} > ${test.fullName}`, result.errors);
  }

  /** A hook of a group of tests. */
  onTestSuiteResult(suite: TestSuite): void {
    report(`${suite.module.relativeModuleId} > ${suite.fullName}`, suite.errors());
  }

  /** A file that could not be loaded, or a hook outside of all groups. */
  onTestModuleEnd(module: TestModule): void {
    report(module.relativeModuleId, module.errors());
  }
}
