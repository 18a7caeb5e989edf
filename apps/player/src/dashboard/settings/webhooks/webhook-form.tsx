import { useSignal } from "@preact/signals";
import type { WebhookKind, WebhooksAnswer } from "@upreel/core";
import { call } from "../../../api/gateway.ts";
import { Dialog } from "../../../components/dialog.tsx";
import { CheckField, TextField } from "../../../components/form-fields.tsx";
import { Problem } from "../../../components/problem.tsx";
import { strings } from "../../../strings.ts";
import { bodyOf, eventsOf, NEW_RECEIVER, type WebhookFields } from "./webhook-fields.ts";
import type { ShownReceiver } from "./webhooks-card.tsx";

interface WebhookFormProps {
  /** Undefined: a new one. */
  readonly receiver: ShownReceiver | undefined;
  readonly eventNames: readonly string[];
  readonly onSaved: (answer: WebhooksAnswer) => void;
  readonly onClose: () => void;
}

/** Who is told, where, and of what. */
export function WebhookForm({ receiver, eventNames, onSaved, onClose }: WebhookFormProps) {
  const names = strings.webhooks;
  const fields = useSignal<WebhookFields>(
    receiver === undefined
      ? NEW_RECEIVER
      : { ...NEW_RECEIVER, ...receiver, events: eventsOf(receiver.events, eventNames) },
  );
  const problem = useSignal<unknown>(undefined);
  const set = (change: Partial<WebhookFields>): void =>
    void (fields.value = { ...fields.value, ...change });
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    problem.value = undefined;
    const [path, method] =
      receiver === undefined
        ? (["webhooks", "POST"] as const)
        : ([`webhooks/${receiver.id}`, "PUT"] as const);
    try {
      onSaved(await call<WebhooksAnswer>(path, { method, body: bodyOf(fields.value) }));
      onClose();
    } catch (thrown) {
      problem.value = thrown;
    }
  };
  return (
    <Dialog
      title={receiver === undefined ? names.addTitle : names.editTitle(receiver.name)}
      onClose={onClose}
      footer={
        <>
          <button type="button" class="button" onClick={onClose}>
            {strings.cancel}
          </button>
          <button class="button primary" form="webhook">
            {names.save}
          </button>
        </>
      }
    >
      <form id="webhook" class="stacked-form" onSubmit={(event) => void save(event)}>
        {problem.value !== undefined && <Problem thrown={problem.value} />}
        <Fields fields={fields.value} receiver={receiver} eventNames={eventNames} onChange={set} />
      </form>
    </Dialog>
  );
}

interface FieldsProps extends Pick<WebhookFormProps, "receiver" | "eventNames"> {
  readonly fields: WebhookFields;
  readonly onChange: (change: Partial<WebhookFields>) => void;
}

function Fields({ fields: now, receiver, eventNames, onChange: set }: FieldsProps) {
  const names = strings.webhooks;
  return (
    <>
      <TextField label={names.name} value={now.name} isNeeded onInput={(name) => set({ name })} />
      <div class="field">
        <label for="webhook-kind">{names.kind}</label>
        <select
          id="webhook-kind"
          class="input"
          onChange={(event) => set({ kind: event.currentTarget.value as WebhookKind })}
        >
          {Object.entries(names.kinds).map(([kind, name]) => (
            <option key={kind} value={kind} selected={kind === now.kind}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <TextField
        label={names.address}
        value={now.url}
        placeholder={names.addressHints[now.kind]}
        note={receiver && names.kept(receiver.host)}
        isNeeded={receiver === undefined}
        onInput={(url) => set({ url })}
      />
      {now.kind !== "discord" && (
        <TextField
          label={names.token}
          value={now.token}
          note={receiver?.has_token === true ? names.keptSecret : names.tokenText}
          onInput={(token) => set({ token })}
        />
      )}
      {(now.kind === "json" || now.kind === "home-assistant") && (
        <TextField
          label={names.secret}
          value={now.secret}
          note={receiver?.has_secret === true ? names.keptSecret : names.secretText}
          onInput={(secret) => set({ secret })}
        />
      )}
      <fieldset class="webhook-events">
        <legend>{names.events}</legend>
        {eventNames.map((name) => (
          <CheckField
            key={name}
            label={names.names[name] ?? name}
            isOn={now.events.includes(name)}
            onChange={(isOn) =>
              set({
                events: eventNames.filter((each) =>
                  each === name ? isOn : now.events.includes(each),
                ),
              })
            }
          />
        ))}
      </fieldset>
      <CheckField
        label={names.isOn}
        isOn={now.is_enabled}
        onChange={(isOn) => set({ is_enabled: isOn })}
      />
    </>
  );
}
