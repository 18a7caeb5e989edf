import { useSignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { call, explain, explainReason, GatewayError } from "../api/gateway.ts";
import { canHelpAgain, isOriginalOnly } from "../dashboard/actions.ts";
import { Icon } from "../components/icon.tsx";
import { ToldReason } from "../components/told-reason.tsx";
import { strings } from "../strings.ts";
import { toldText } from "../told-text.ts";
import type { Player } from "./player-controls.ts";

interface WatchNotesProps {
  readonly status: StreamStatus;
  readonly player: Player | undefined;
}

/** Nothing is made of it any more, and it is not finished. */
export const hasEnded = (state: StreamStatus["state"]): boolean =>
  state === "failed" || state === "cancelled" || state === "idle";

/** What the viewer should know: that the upscale will not keep up, what cannot be played, what ended. */
export function WatchNotes({ status, player }: WatchNotesProps) {
  const original = player?.pictures.original.problem.value;
  const upscaled = player?.pictures.upscaled.problem.value;
  const names = strings.watch;
  const isOver = hasEnded(status.state);
  if (isOriginalOnly(status))
    return (
      <Note>
        <p>{original?.kind === "codec" ? names.asItIsElsewhere(original.codec) : names.asItIs}</p>
        {status.reason !== null && <ToldReason {...explainReason(status.reason)} />}
      </Note>
    );
  return (
    <>
      {isOver && <Ended status={status} />}
      {!isOver && status.advice === "original" && status.advice_told !== null && (
        <TooSlow status={status} text={toldText([status.advice_told], status.advice_text ?? "")} />
      )}
      {original?.kind === "codec" && <Note>{names.noOriginalCodec(original.codec)}</Note>}
      {upscaled?.kind === "codec" && <Note isBad>{names.noUpscaledCodec(upscaled.codec)}</Note>}
      {upscaled?.kind === "broken" && !isOver && (
        <Note isBad>
          <ToldReason sentence={names.broken} details={upscaled.detail} />
        </Note>
      )}
    </>
  );
}

/** It will not keep up with playing; it may be there later. */
function TooSlow({ status, text }: { readonly status: StreamStatus; readonly text: string }) {
  const { id, state, priority, eta_seconds: eta } = status;
  return (
    <Note>
      <p>
        {text} {eta !== null && strings.watch.readyAt(timeOfDay(Date.now() + eta * 1_000))}
      </p>
      {state === "paused" || priority === "viewer" ? (
        <MakeAhead id={id} />
      ) : (
        <p>{strings.watch.isMadeAhead}</p>
      )}
    </Note>
  );
}

const timeOfDay = (atMs: number): string =>
  new Date(atMs).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

/** Has a film made for later that is made too slowly to be played meanwhile. */
function MakeAhead({ id }: { readonly id: string }) {
  const problem = useSignal<unknown>(undefined);
  const make = (): void => {
    problem.value = undefined;
    call(`streams/${id}/resume?for=later`, { method: "POST" }).catch(
      (thrown: unknown) => void (problem.value = thrown),
    );
  };
  return (
    <>
      {problem.value !== undefined && <ToldReason {...explain(problem.value)} />}
      <p>
        <button type="button" class="button" onClick={make}>
          {strings.watch.makeAhead}
        </button>
      </p>
    </>
  );
}

/** Why nothing is made any more, and a way to go on. */
function Ended({ status }: { readonly status: StreamStatus }) {
  const problem = useSignal<unknown>(undefined);
  const start = async (): Promise<void> => {
    problem.value = undefined;
    await call(`streams/${status.id}/resume?for=playing`, { method: "POST" });
  };
  const fail = (thrown: unknown): void => void (problem.value = thrown);
  // Left by a restart: somebody wants it again.
  useEffect(() => {
    if (status.state !== "idle") return;
    start().catch((thrown: unknown) => {
      // Who has no token starts it by what his player asks for.
      if (!(thrown instanceof GatewayError && thrown.code === "unauthorized")) fail(thrown);
    });
  }, [status.state]);
  const { value } = problem;
  if (value instanceof GatewayError && value.code === "cannot_hold")
    return (
      <Note>
        <ToldReason {...explain(value)} />
        <MakeAhead id={status.id} />
      </Note>
    );
  return (
    <Note isBad={status.state === "failed"}>
      <p>{strings.watch.ended[status.state] ?? strings.states[status.state]}</p>
      {status.reason !== null && <ToldReason {...explainReason(status.reason)} />}
      {value !== undefined && <ToldReason {...explain(value)} />}
      {canHelpAgain(status) && (
        <p>
          <button type="button" class="button" onClick={() => void start().catch(fail)}>
            {strings.streams.again}
          </button>
        </p>
      )}
    </Note>
  );
}

function Note(props: { readonly isBad?: boolean; readonly children: ComponentChildren }) {
  const { isBad = false, children } = props;
  return (
    <div class={isBad ? "note bad" : "note warning"} role={isBad ? "alert" : "status"}>
      <Icon name="alert" />
      <div>{children}</div>
    </div>
  );
}
