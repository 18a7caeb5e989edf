import { useSignal } from "@preact/signals";
import type { StreamStatus } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { call, explain, explainReason, GatewayError } from "../api/gateway.ts";
import { Note } from "../components/note.tsx";
import { ToldReason } from "../components/told-reason.tsx";
import { canHelpAgain, isOriginalOnly } from "../stream/actions.ts";
import { strings } from "../strings.ts";
import { toldText } from "../told-text.ts";
import { MakeAhead } from "./make-ahead.tsx";
import type { Player } from "./player/player-controls.ts";
import { TooSlow } from "./too-slow.tsx";

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
        <TooSlow
          {...{ status, player }}
          text={toldText([status.advice_told], status.advice_text ?? "")}
        />
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
        <div class="row-buttons">
          <MakeAhead id={status.id} />
        </div>
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
