import type { StreamState } from "@upreel/core";

const notPlayed = (codec: string | undefined): string =>
  codec === undefined
    ? "is in a codec that this browser does not play"
    : `is ${codec}, which this browser does not play`;

/** The player and the comparison, in English. */
export const englishWatch = {
  compare: {
    watch: "Watch",
    divider: "Divider between original and upscaled",
    dividerAt: (share: number) => `${share} % original, ${100 - share} % upscaled`,
    noOriginal: "This browser cannot show the original",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    reset: "Whole picture",
    flip: "Hold to flip",
    save: "Save both as PNG",
    stills: "Every model on this frame",
    stillsText:
      "Each model upscales this frame, one after the other. Point at a picture to zoom into all of them.",
    stillsMake: "Upscale this frame",
    stillOf: (model: string) => `This frame by ${model}`,
    fps: (count: number) => `${count.toFixed(count < 10 ? 1 : 0)} frames/s here`,
    took: (milliseconds: number) => `${milliseconds.toFixed(0)} ms for this frame`,
    hint: "Drag the divider. Scroll to zoom, drag to move. Hold X to see the original; , and . step frame by frame.",
  },

  look: {
    quality: "Quality",
    asLineAllows: "As the connection allows",
    title: "Look",
    presets: "Looks",
    preset: {
      film: "As it is",
      vivid: "Vivid",
      crisp: "Crisp",
      soft: "Soft",
      warm: "Warm",
      cool: "Cool",
      night: "Night",
    },
    part: {
      brightness: "Brightness",
      contrast: "Contrast",
      saturation: "Colour",
      warmth: "Warmth",
      sharpen: "Sharpness",
    },
  },

  watch: {
    notFoundTitle: "This film is not here",
    notFoundText:
      "It was deleted, or the link is incomplete. You can start it again from your films.",
    film: "Film",
    toFilms: "To your films",
    compare: "Compare",
    noOriginalCodec: (codec: string | undefined) =>
      `The original film ${notPlayed(codec)}. You see the upscaled film while it is being made. mpv and VLC play both: see below.`,
    noUpscaledCodec: (codec: string | undefined) =>
      `The upscaled film ${notPlayed(codec)}. mpv and VLC play it: see below. With VIDEO_ENCODER=libx264 new films play in every browser.`,
    neitherFilm: "This browser cannot play this film. Use another player: see below.",
    broken: "Playback interrupted. Retrying…",
    makeAhead: "Upscale it ahead of time",
    isMadeAhead: "It is being upscaled ahead of time. You can close this page.",
    ended: {
      idle: "This film is partly upscaled. Upscaling starts again.",
      failed: "Upscaling failed.",
      cancelled: "Upscaling was cancelled.",
    } as Readonly<Partial<Record<StreamState, string>>>,
    asItIs: "This film is not upscaled. You are watching the original.",
    asItIsElsewhere: (codec: string | undefined) =>
      `This film is not upscaled, and the original ${notPlayed(codec)}. mpv and VLC play it: see below.`,
    original: "Original",
    upscaled: "Upscaled",
    sdrOf: (hdr: string) => `SDR of ${hdr}`,
    beingMade: "This part is being upscaled",
    notYet: "not upscaled yet",
    resumed: (at: string) => `Continued at ${at}.`,
    startOver: "Start over",
    next: (title: string) => `Next: ${title}`,
    nextPlay: "Play it",
    skip: { intro: "Skip intro", credits: "Skip credits" },
    readyAt: (time: string) => `It will be ready at ${time}.`,
    offer: "The upscaled film is ready.",
    offerTake: "Watch it",
    offerLeave: "Keep the original",
    play: "Play",
    pause: "Pause",
    mute: "Mute",
    unmute: "Unmute",
    volume: "Volume",
    settings: "Picture, audio and subtitles",
    picture: "Picture",
    speed: "Speed",
    audio: "Audio track",
    subtitles: "Subtitles",
    none: "None",
    keys: "Keys",
    cast: "Play on another screen",
    castTo: "Playing on another screen",
    castLeave: "Choose a screen, or play here again",
    pip: "Picture in picture",
    fullscreen: "Full screen",
    leaveFullscreen: "Leave full screen",
    madeBy: {
      title: "Upscaled by",
      models: {
        auto: "Automatic",
        fast: "Fast",
        balanced: "Balanced",
        best: "Best",
        fastest: "Fastest",
        lanczos: "Enlarged only",
      } as Readonly<Record<string, string>>,
      style: "Style",
      styles: { faithful: "Faithful", set: "As set", sharp: "Sharp" },
    },
    seek: "Position",
    seekAt: (at: string, total: string, ahead: string) =>
      `${at} of ${total}, upscaled ${ahead} ahead`,
    wishes: {
      auto: "Automatic",
      ask: "Ask me",
      asItIs: "This film is not upscaled. You are watching the original.",
      asItIsElsewhere: (codec: string | undefined) =>
        `This film is not upscaled, and the original ${notPlayed(codec)}. mpv and VLC play it: see below.`,
      original: "Original",
      upscaled: "Upscaled",
    },
    keyList: [
      ["Space K", "Play or pause"],
      ["← →", "5 seconds back or forward"],
      ["J L", "10 seconds back or forward"],
      ["0 … 9", "Jump to 0 % … 90 % of the film"],
      [", .", "One frame back or forward"],
      ["U", "Original or upscaled"],
      ["↑ ↓ M", "Volume, mute"],
      ["< >", "Slower or faster"],
      ["C", "Subtitles"],
      ["P", "Picture in picture"],
      ["F", "Full screen"],
      ["?", "This list"],
    ] as readonly (readonly [string, string])[],
  },
};
