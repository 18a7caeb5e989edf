import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hdr } from "@upreel/core";
import { DARKEST, DISPLAY_GAMMA, HLG, PQ, TO_BT709, whiteOf } from "./tone-map.ts";
import { writeOnce } from "./write-once.ts";

type ShaderHdr = Pick<Hdr, "base" | "peakNits">;

/** The file of `writeShader`, which ffmpeg's `libplacebo` reads. Another text has another name. */
export function shaderPath(hdr: ShaderHdr): string {
  const hash = createHash("sha256").update(toneMapShader(hdr)).digest("hex").slice(0, 16);
  return join(tmpdir(), `upreel-sdr-of-${hdr.base}-${hdr.peakNits}-${hash}.glsl`);
}

/** Makes sure that the file at `shaderPath` is there. */
export const writeShader = (hdr: ShaderHdr): Promise<void> =>
  writeOnce(shaderPath(hdr), async (file) => void (await file.write(toneMapShader(hdr))));

/** `toneMap` for a GPU, in the form of mpv's shaders. It is called for each pixel of an RGB picture, codes 0 to 1. */
const toneMapShader = ({ base, peakNits }: ShaderHdr): string => `//!HOOK MAINPRESUB
//!BIND HOOKED
//!DESC upreel: HDR to SDR

${base === "hlg" ? HLG_LIGHT : PQ_LIGHT}
float upreel_hable(float x) {
    return (x * (0.15 * x + 0.05) + 0.004) / (x * (0.15 * x + 0.5) + 0.06) - 0.02 / 0.3;
}

vec4 hook() {
    vec4 code = HOOKED_texOff(vec2(0.0));
    vec3 light = vec3(upreel_light(code.r), upreel_light(code.g), upreel_light(code.b));
    vec3 own = vec3(${TO_BT709.map((row) => `dot(light, vec3(${row.map(float).join(", ")}))`).join(", ")});
    float brightest = max(max(own.r, own.g), max(own.b, ${float(DARKEST)}));
    own *= upreel_hable(brightest) / ${float(whiteOf(peakNits))} / brightest;
    return vec4(min(vec3(1.0), pow(max(own, vec3(0.0)), vec3(${float(1 / DISPLAY_GAMMA)}))), code.a);
}
`;

/** GLSL takes a number without a point for a whole one. */
const float = (value: number): string => {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
};

const PQ_LIGHT = `float upreel_light(float code) {
    float power = pow(max(code, 0.0), ${float(1 / PQ.m2)});
    float linear = max(power - ${float(PQ.c1)}, 0.0) / (${float(PQ.c2)} - ${float(PQ.c3)} * power);
    return pow(linear, ${float(1 / PQ.m1)}) * ${float(PQ.peak)};
}
`;

const HLG_LIGHT = `float upreel_light(float code) {
    float signal = max(code, 0.0);
    float scene = signal <= 0.5
        ? signal * signal / 3.0
        : (exp((signal - ${float(HLG.c)}) / ${float(HLG.a)}) + ${float(HLG.b)}) / 12.0;
    return pow(scene, ${float(HLG.gamma)}) * ${float(HLG.peak)};
}
`;
