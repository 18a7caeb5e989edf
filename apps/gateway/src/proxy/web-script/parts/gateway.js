import { deviceId, ownUrl } from "./client.js";

/** What the gateway answers about this device's playback; null where it knows nothing of it. */
async function askFor(what) {
  const response = await fetch(ownUrl(`${what}?deviceId=${encodeURIComponent(deviceId())}`));
  return response.ok ? response.json() : null;
}

/** What is shown, why, and how much is made. */
export const askSituation = () => askFor("why");
/** By what the film can be made. */
export const askChoices = () => askFor("choices");
/** In what it can be played. */
export const askQualities = () => askFor("qualities");

let ordering = 0;
let ordered = 0;

/** How many orders are carried out; undefined while one is. What was asked for at another count is old. */
export const ordersDone = () => (ordering > 0 ? undefined : ordered);

/** Rejects with what it answered where it refused. */
export async function order(what, wish) {
  const body = JSON.stringify({ device_id: deviceId(), ...wish });
  ordering += 1;
  try {
    const response = await fetch(ownUrl(what), { method: "POST", body });
    if (!response.ok) throw new Error(`Upreel answered ${response.status}`);
  } finally {
    ordering -= 1;
    ordered += 1;
  }
}
