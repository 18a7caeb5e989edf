import type { ScanJob, ScansAnswer } from "@upreel/core";
import { factLine, sentence, span } from "../../format.ts";
import { strings } from "../../strings.ts";
import { lastName, taskText } from "./plugin-text.ts";

const CHIP = {
  waiting: "chip",
  running: "chip live",
  done: "chip",
  failed: "chip bad",
} satisfies Record<ScanJob["state"], string>;

/** More are told by the API. */
const MOST_SHOWN = 20;

interface RecentScansProps {
  readonly answer: ScansAnswer;
  readonly onAgain: (path: string) => void;
}

/** Films that plugins look at or looked at, the newest first, and what came of each. */
export function RecentScans({ answer: { jobs, plugins }, onAgain }: RecentScansProps) {
  const names = strings.plugins;
  return (
    <section class="group">
      <h2>{names.scans}</h2>
      {jobs.length === 0 && <p class="quiet">{names.noScans}</p>}
      {jobs.length > 0 && (
        <ul class="card rows">
          {jobs.slice(0, MOST_SHOWN).map((job) => (
            <Row
              key={`${job.wanted_ms} ${job.path}`}
              job={job}
              plugins={plugins}
              onAgain={() => onAgain(job.path)}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

interface RowProps extends Pick<ScansAnswer, "plugins"> {
  readonly job: ScanJob;
  readonly onAgain: () => void;
}

function Row({ job, plugins, onAgain }: RowProps) {
  const names = strings.plugins;
  const hasFailed = job.state === "failed" || job.tasks.some(({ state }) => state === "failed");
  const reasons = [job.reason, ...job.tasks.map(({ reason }) => reason)];
  const facts = [new Date(job.wanted_ms).toLocaleString(document.documentElement.lang)];
  if (job.films !== null && job.films > 1) facts.push(names.season(job.films));
  return (
    <li class="finding scan">
      <span class={CHIP[hasFailed ? "failed" : job.state]}>
        {names.scanStates[hasFailed ? "failed" : job.state]}
      </span>
      <div>
        <h3 class="row-title" dir="auto">
          {lastName(job.path)}
        </h3>
        <p class="quiet small">{factLine(facts)}</p>
        {job.tasks.map((task) => (
          <p key={task.plugin} class="small">
            {taskText(task, plugins, names)}
            {task.seconds !== null && <span class="quiet"> · {span(task.seconds)}</span>}
          </p>
        ))}
        {reasons
          .filter((reason) => reason !== null)
          .map((reason) => (
            <p key={reason} class="small bad-text" dir="auto">
              {sentence(reason)}
            </p>
          ))}
        {hasFailed && (
          <div class="plugin-buttons">
            <button type="button" class="button" onClick={onAgain}>
              {names.again}
            </button>
          </div>
        )}
      </div>
    </li>
  );
}
