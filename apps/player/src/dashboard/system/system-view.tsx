import type { DoctorAnswer, Finding } from "@upreel/core";
import { CommandLine } from "../../components/command-line.tsx";
import { Icon } from "../../components/icon.tsx";
import { Problem } from "../../components/problem.tsx";
import { useLoaded } from "../../components/use-loaded.ts";
import { sentence } from "../../format.ts";
import { HardwareCard } from "./hardware-card.tsx";
import { PicturesCard } from "./pictures-card.tsx";
import { strings } from "../../strings.ts";
import { toldFinding } from "./told-finding.ts";
import { WorkersCard } from "./workers/workers-card.tsx";
import { ViewHead } from "../view-head.tsx";

const ORDER = { bad: 0, warning: 1, good: 2, note: 3 } satisfies Record<Finding["verdict"], number>;
const CHIP = {
  bad: "chip bad",
  warning: "chip warning",
  good: "chip live",
  note: "chip",
} satisfies Record<Finding["verdict"], string>;

/** What works on the gateway's machine, and how to fix what does not. */
export function SystemView() {
  const { loaded, isBusy, reload } = useLoaded<DoctorAnswer>("doctor");
  const state = loaded.value;
  const names = strings.system;
  return (
    <>
      <ViewHead title={names.title} text={names.text}>
        <a class="button" href="#/logs">
          <Icon name="lines" />
          {strings.nav.logs}
        </a>
        <button type="button" class="button" disabled={isBusy.value} onClick={reload}>
          {isBusy.value && <span class="spinner" />}
          {names.again}
        </button>
      </ViewHead>
      <HardwareCard />
      <WorkersCard />
      <PicturesCard />
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loading" && (
        <>
          <p class="quiet" role="status">
            {names.looking}
          </p>
          <div class="skeleton findings-skeleton" />
        </>
      )}
      {state.kind === "loaded" && (
        <ul class="card rows">
          {[...state.value.findings]
            .sort((a, b) => ORDER[a.verdict] - ORDER[b.verdict])
            .map((finding) => (
              <FindingRow key={finding.what + finding.message} finding={finding} />
            ))}
        </ul>
      )}
    </>
  );
}

/** A command alone can be copied; in a sentence it stands as it would be typed. */
function Fix({ text }: { readonly text: string }) {
  const [, command] = /^`([^`]*)`$/.exec(text) ?? [];
  if (command !== undefined) return <CommandLine text={command} />;
  return (
    <p class="small">
      {sentence(text)
        .split("`")
        .map((part, k) => (k % 2 === 1 ? <code key={part}>{part}</code> : part))}
    </p>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const names = strings.system;
  const { message, fix } = toldFinding(finding);
  return (
    <li class="finding">
      <span class={CHIP[finding.verdict]}>{names.verdicts[finding.verdict]}</span>
      <div>
        <h2 class="row-title">{names.subjects[finding.what] ?? finding.what}</h2>
        <p class="quiet">{sentence(message)}</p>
        {fix !== undefined && (
          <>
            <p class="small fix">
              <Icon name="check" />
              {finding.verdict === "note" ? names.use : names.fix}
            </p>
            <Fix text={fix} />
          </>
        )}
      </div>
    </li>
  );
}
