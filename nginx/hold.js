// For nginx' njs module. A gateway that restarts refuses connections for a few seconds; ffmpeg-based
// players ask about twenty times within two seconds for what is refused and then skip the rest of the
// film, while a request that is held loses nothing.

const ASK_EVERY_MS = 200;

/**
 * Holds a request that the gateway did not answer until it answers again, for $upreel_hold_seconds at
 * most, then asks it once more.
 */
async function untilGatewayIsBack(r) {
  const since = Date.now();
  const longestMs = Number(r.variables.upreel_hold_seconds) * 1000;
  while (Date.now() - since < longestMs) {
    const answer = await r.subrequest("/internal/health");
    if (answer.status === 200) {
      r.internalRedirect("@gateway_again");
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  r.internalRedirect("@cut");
}

export default { untilGatewayIsBack };
