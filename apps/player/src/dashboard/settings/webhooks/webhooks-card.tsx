import { useSignal } from "@preact/signals";
import type { WebhooksAnswer } from "@upreel/core";
import { useEffect } from "preact/hooks";
import { call, type CallOptions } from "../../../api/gateway.ts";
import { Dialog } from "../../../components/dialog.tsx";
import { Problem } from "../../../components/problem.tsx";
import { useLoaded } from "../../../components/use-loaded.ts";
import { factLine } from "../../../format.ts";
import { strings } from "../../../strings.ts";
import { WebhookDeliveries } from "./webhook-deliveries.tsx";
import { WebhookForm } from "./webhook-form.tsx";

export type ShownReceiver = WebhooksAnswer["receivers"][number];

/** What is open above the page. */
type Opened =
  | { readonly kind: "form"; readonly receiver: ShownReceiver | undefined }
  | { readonly kind: "remove"; readonly receiver: ShownReceiver };

const LOOK_MS = 3_000;

/** Who is told of events, and what was sent. */
export function WebhooksCard() {
  const { loaded, reload, put } = useLoaded<WebhooksAnswer>("webhooks");
  const opened = useSignal<Opened | undefined>(undefined);
  const problem = useSignal<unknown>(undefined);
  useEffect(() => {
    const looking = setInterval(() => !document.hidden && reload(), LOOK_MS);
    return () => clearInterval(looking);
  }, []);
  const names = strings.webhooks;
  const ask = async (path: string, options: CallOptions): Promise<void> => {
    problem.value = undefined;
    try {
      put(await call<WebhooksAnswer>(`webhooks${path}`, options));
    } catch (thrown) {
      problem.value = thrown;
    }
  };
  const close = (): void => void (opened.value = undefined);
  const state = loaded.value;
  const now = opened.value;
  return (
    <section class="group">
      <div class="group-head">
        <div>
          <h2>{names.title}</h2>
          <p class="quiet small">{names.text}</p>
        </div>
        <button
          type="button"
          class="button"
          disabled={state.kind !== "loaded"}
          onClick={() => (opened.value = { kind: "form", receiver: undefined })}
        >
          {names.add}
        </button>
      </div>
      {problem.value !== undefined && <Problem thrown={problem.value} />}
      {state.kind === "failed" && <Problem thrown={state.thrown} onRetry={reload} />}
      {state.kind === "loaded" && state.value.receivers.length > 0 && (
        <>
          <ul class="card rows">
            {state.value.receivers.map((receiver) => (
              <Row
                key={receiver.id}
                receiver={receiver}
                onTest={() => void ask(`/${receiver.id}/test`, { method: "POST" })}
                onEdit={() => (opened.value = { kind: "form", receiver })}
                onRemove={() => (opened.value = { kind: "remove", receiver })}
              />
            ))}
          </ul>
          <WebhookDeliveries
            answer={state.value}
            onAgain={(id) => void ask(`/deliveries/${id}/again`, { method: "POST" })}
          />
        </>
      )}
      {now?.kind === "form" && state.kind === "loaded" && (
        <WebhookForm
          receiver={now.receiver}
          eventNames={state.value.event_names}
          onSaved={put}
          onClose={close}
        />
      )}
      {now?.kind === "remove" && (
        <RemoveDialog
          name={now.receiver.name}
          onClose={close}
          onRemove={() => {
            close();
            void ask(`/${now.receiver.id}`, { method: "DELETE" });
          }}
        />
      )}
    </section>
  );
}

interface RowProps {
  readonly receiver: ShownReceiver;
  readonly onTest: () => void;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}

function Row({ receiver, onTest, onEdit, onRemove }: RowProps) {
  const names = strings.webhooks;
  const { name, kind, host, is_enabled: isOn, waiting } = receiver;
  const parts = [names.kinds[kind], host];
  if (!isOn) parts.push(names.off);
  if (waiting > 0) parts.push(names.waiting(waiting));
  return (
    <li class="webhook">
      <div>
        <h3 class="row-title">{name}</h3>
        <p class="quiet small">{factLine(parts)}</p>
      </div>
      <div class="row-buttons">
        <button type="button" class="button" disabled={!isOn} onClick={onTest}>
          {names.test}
        </button>
        <button type="button" class="button" onClick={onEdit}>
          {names.edit}
        </button>
        <button type="button" class="button" onClick={onRemove}>
          {names.remove}
        </button>
      </div>
    </li>
  );
}

interface RemoveProps {
  readonly name: string;
  readonly onClose: () => void;
  readonly onRemove: () => void;
}

function RemoveDialog({ name, onClose, onRemove }: RemoveProps) {
  const names = strings.webhooks;
  return (
    <Dialog
      title={names.remove}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            {strings.cancel}
          </button>
          <button type="button" class="button danger" onClick={onRemove}>
            {names.remove}
          </button>
        </>
      }
    >
      <p>{names.removeText(name)}</p>
    </Dialog>
  );
}
