import type { WebhooksAnswer } from "@upreel/core";
import { factLine } from "../../../format.ts";
import { strings } from "../../../strings.ts";

type Delivery = WebhooksAnswer["deliveries"][number];

const CHIP = {
  waiting: "chip warning",
  sent: "chip live",
  failed: "chip bad",
  replaced: "chip",
} satisfies Record<Delivery["state"], string>;

/** More are told by the API. */
const MOST_SHOWN = 20;

/** What was sent, the newest first, and what came of it. */
export function WebhookDeliveries({
  answer: { receivers, deliveries },
  onAgain,
}: {
  readonly answer: WebhooksAnswer;
  readonly onAgain: (id: number) => void;
}) {
  const names = strings.webhooks;
  const nameOf = (id: string): string => receivers.find((each) => each.id === id)?.name ?? id;
  return (
    <details class="card deliveries">
      <summary>{names.deliveries}</summary>
      {deliveries.length === 0 && <p class="quiet">{names.noDeliveries}</p>}
      <ul class="rows">
        {deliveries.slice(0, MOST_SHOWN).map((delivery) => (
          <li key={delivery.id} class="webhook">
            <div>
              <p>
                <span class={CHIP[delivery.state]}>{names.states[delivery.state]}</span>{" "}
                {whatOf(delivery)}
              </p>
              <p class="quiet small">
                {factLine([nameOf(delivery.receiver), ...resultOf(delivery)])}
              </p>
            </div>
            {delivery.state !== "waiting" && (
              <button type="button" class="button" onClick={() => onAgain(delivery.id)}>
                {names.sendAgain}
              </button>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

const whatOf = ({ event, about }: Delivery): string =>
  [strings.webhooks.names[event] ?? event, about].filter((part) => part !== null).join(": ");

function resultOf({ state, status, reason, attempts, created_ms: createdMs }: Delivery): string[] {
  const names = strings.webhooks;
  const at = new Date(createdMs).toLocaleString(document.documentElement.lang);
  if (attempts === 0 || state === "sent") return [at];
  const why = status === null ? names.unreachable(reason ?? "?") : names.answered(status);
  return [at, why, names.tried(attempts)];
}
