import type { HlsConfig } from "hls.js";

/**
 * What runs in the page, as text: its globals are not this program's. `mayBeLate`: that something did not come in time, and was
 * asked for again, is no problem.
 */
export const playByHlsJs = (
  url: string,
  { mayBeLate, ...config }: Partial<HlsConfig> & { readonly mayBeLate: boolean },
): string => `
  window.problems = [];
  window.fatal = [];
  window.segments = [];
  // How long a player may stand still is for its test to say, not for hls.js.
  window.hls = new Hls(${JSON.stringify({ nudgeMaxRetry: 1000, ...config })});
  hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag }) => segments.push(new URL(frag.url).pathname));
  hls.on(Hls.Events.INIT_PTS_FOUND, (_, { id, initPTS, timescale }) => {
    if (id === "main") window.firstPts90k = (initPTS * 90000) / timescale;
  });
  // Where a segment begins the next sound may be up to one packet away: on a busy machine hls.js takes the
  // moment before it can play there for a hole, and steps over it with a tenth of a second to spare.
  const isWithinPacket = (reason) => {
    const [, from, to] = /seeking from ([\\d.]+) to ([\\d.]+)/.exec(reason) ?? [];
    return to - from < 0.1 + 1024 / 44100;
  };
  hls.on(Hls.Events.ERROR, (_, { fatal, details, reason, buffer }) => {
    // Its watchdog for a buffer that runs dry while a segment is made, and its own ending of requests that a seek has made
    // useless: nothing is lost by these. Nor by its push for a player that has something to play, which a busy machine
    // has no time for; without that it is pushed over a hole.
    const isHarmless = ["bufferStalledError", "aborted"].includes(details) ||
      (details === "bufferNudgeOnStall" && buffer > hls.config.maxBufferHole) ||
      (${mayBeLate} && !fatal && details.endsWith("LoadTimeOut")) ||
      (details === "bufferSeekOverHole" && isWithinPacket(reason));
    if (fatal || !isHarmless) problems.push(details);
    if (fatal) window.fatal.push(details);
  });
  hls.loadSource(${JSON.stringify(url)});
  hls.attachMedia(document.querySelector("video"));
  document.querySelector("video").play();
  // Since the last jump, whoever looks meanwhile or not.
  window.positions = [];
  setInterval(() => positions.push(document.querySelector("video").currentTime), 50);
`;
