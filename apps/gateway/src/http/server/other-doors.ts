import type { Config } from "../../config.ts";

/** Doors of their own for programs that were written for another service: those that settings open. */
export function otherDoors({ aiService, transcode }: Pick<Config, "aiService" | "transcode">) {
  const doors = [
    { ...aiService, door: "service", setting: "AI_SERVICE_PORT", who: "the upscaler plugin" },
    {
      ...transcode,
      door: "transcode",
      setting: "TRANSCODE_PORT",
      who: "a remote transcoder's caller",
    },
  ] as const;
  return doors.flatMap(({ door, host, port, setting, who }) =>
    port === undefined ? [] : [{ door, host, port, setting, who }],
  );
}
