export { readRecording, writeRecording, type Places, type RecordedCall } from "./recording.ts";
export { replay, type ReplayOptions } from "./replay.ts";
export { startPlugin, type PluginInTest, type StartOptions } from "./start-plugin.ts";
