import { launch, type ChildEnd, type ChildOrder } from "./launch.ts";

/** Our processes print no longer lines: one that does is killed. */
const LONGEST_LINE = 1024 * 1024;

/**
 * The lines that a process prints, as they come; returns how it ended. One that is silent for `silenceMs`
 * is killed.
 */
export async function* readLines(
  order: ChildOrder,
  { silenceMs }: { readonly silenceMs: number },
): AsyncGenerator<string, ChildEnd & { readonly isTimedOut: boolean }> {
  const { child, ended, kill } = launch(order, { ipc: false, stdout: "pipe" });
  let isTimedOut = false;
  const giveUp = (): void => {
    isTimedOut = true;
    kill();
  };
  let deadline = setTimeout(giveUp, silenceMs);
  // It may close its output and live on.
  void ended.then(() => clearTimeout(deadline));
  let left = "";
  let isOver = false;
  const output = child.stdout;
  output?.setEncoding("utf8");
  try {
    for await (const chunk of output ?? []) {
      clearTimeout(deadline);
      deadline = setTimeout(giveUp, silenceMs);
      const lines = (left + String(chunk)).split("\n");
      left = lines.pop() ?? "";
      if (left.length > LONGEST_LINE) kill();
      else yield* lines;
    }
    isOver = true;
    if (left !== "" && left.length <= LONGEST_LINE) yield left;
  } catch {
    // How it ended is told by its end.
  } finally {
    // Nobody reads on: it is not needed any more.
    if (!isOver) {
      clearTimeout(deadline);
      kill();
    }
  }
  return { ...(await ended), isTimedOut };
}
