// What Jellyfin's web client of 10.10 to 12.0 gives plugins and scripts.

const SCRIPT_URL = document.currentScript?.src;

/** What the web client hands to its plugins; undefined where this script was not loaded as one. */
let given;

// Named in config.json, the client calls this when it starts and constructs what it gives.
window.upreelPlugin = async () =>
  class UpreelPlugin {
    constructor(parts) {
      this.name = "Upreel";
      this.type = "preplayintercept";
      this.id = "upreel";
      this.priority = 0;
      given = parts;
    }

    intercept() {
      return Promise.resolve();
    }
  };

export const playbackManagerHere = () => given?.playbackManager;
export const api = () => window.ApiClient;
export const deviceId = () => api()?.deviceId?.();
/** Address of what is ours, below `/upscale/`. */
export const ownUrl = (path) =>
  SCRIPT_URL ? new URL(path, SCRIPT_URL).href : api().getUrl(`/upscale/${path}`);
