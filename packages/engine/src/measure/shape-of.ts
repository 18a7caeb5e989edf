const BUILT_IN = /^upreel-x(1\.5|2|3|4)-(?:live|sharp|worn)(16x[0124])(?:-\d+)?-(int8|fp32)$/;

export type NumberFormat = "int8" | "fp32";

/** What the speed of a built-in network depends on; its weights are no part of it. */
export interface Shape {
  readonly scale: "1.5" | "2" | "3" | "4";
  readonly body: "16x0" | "16x1" | "16x2" | "16x4";
  readonly format: NumberFormat;
}

/** Undefined for networks that are no part of a ladder of built-in ones. */
export function shapeOf(id: string): Shape | undefined {
  const [, scale, body, format] = BUILT_IN.exec(id) ?? [];
  return format === undefined ? undefined : ({ scale, body, format } as Shape);
}

/** The same for all networks that are equally fast. */
export const speedClassOf = (id: string): string => {
  const shape = shapeOf(id);
  return shape === undefined ? id : `x${shape.scale} ${shape.body} ${shape.format}`;
};
