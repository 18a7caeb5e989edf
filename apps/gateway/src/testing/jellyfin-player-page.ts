import { DEVICE, ID } from "./proxy-rig.ts";

/**
 * A page that loads plugins as the web client's pluginManager does (names in config.json that are
 * functions of the window, called, constructed with its parts) and shows a player.
 */
export const jellyfinPlayerPage = ({
  hasPluginManager,
  language,
}: {
  readonly hasPluginManager: boolean;
  readonly language: string;
}): string => `<!DOCTYPE html><html lang="${language}"><head><style>
  body { margin: 0; height: 100vh; background: linear-gradient(#234, #012); color: #fff; font: 16px sans-serif }
  .videoOsdBottom { position: fixed; inset: auto 0 0; padding: 1.5em; background: rgba(0, 0, 0, .6) }
</style></head><body>
<video class="htmlvideoplayer"></video><div id="videoOsdPage"><div class="videoOsdBottom"><div class="buttons"><button>Pause</button></div></div></div>
<script>
  window.played = [];
  window.ApiClient = {
    deviceId: () => "${DEVICE}",
    getSessions: async () => [{ Id: "s1", NowPlayingItem: {}, PlayState: { PositionTicks: 70, AudioStreamIndex: 2 } }],
    sendPlayCommand: async (...given) => void played.push(given),
  };
  window.subtitles = [];
  const ownPlayer = { setSubtitleStreamIndex: (index) => void subtitles.push(index) };
  const playbackManager = {
    getCurrentPlayer: () => ownPlayer,
    currentItem: (player) => ({ Id: "${ID}", ServerId: player === ownPlayer && "the server" }),
    currentTime: (player) => player && 61500,
    currentMediaSource: (player) => player && { Id: "${ID}" },
    getAudioStreamIndex: () => 2,
    getSubtitleStreamIndex: () => 4,
    play: async (options) => void played.push(options),
  };
  window.pauses = 0;
  videoOsdPage.addEventListener("pointerdown", ({ target }) => {
    if (target.closest(".videoOsdBottom") === null) window.pauses++;
  });
  document.addEventListener("keydown", () => window.pauses++);
  addEventListener("load", async () => {
    const { plugins } = await (await fetch("config.json")).json();
    for (const name of plugins) {
      if (!${hasPluginManager} || typeof window[name] !== "function") continue;
      const Plugin = await window[name]();
      window.plugin = new Plugin({ events: {}, playbackManager, toast() {} });
    }
    document.querySelector("#videoOsdPage").dispatchEvent(new CustomEvent("viewshow", { bubbles: true }));
  });
</script></body></html>`;
