import type { Hardware } from "@upreel/core";
import { useLoaded } from "../../components/use-loaded.ts";
import { bytes } from "../../format.ts";
import { strings } from "../../strings.ts";

/** Processor, memory and disk of the gateway's machine. */
export function HardwareCard() {
  const { loaded } = useLoaded<Hardware>("hardware");
  const state = loaded.value;
  if (state.kind === "failed") return null;
  if (state.kind === "loading") return <div class="skeleton hardware-skeleton" />;
  return (
    <dl class="card facts hardware">
      {factsOf(state.value).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf({ cpu, memory, disk }: Hardware): readonly (readonly [string, string])[] {
  const names = strings.system;
  const total = memory.limit_bytes ?? memory.total_bytes;
  return [
    [names.cpu, cpu.model],
    [names.cores, String(cpu.cores)],
    [
      names.int8,
      cpu.instructions === null ? strings.nothing : cpu.instructions.vnni ? names.yes : names.no,
    ],
    [names.memory, names.freeOf(bytes(memory.free_bytes), bytes(total))],
    [
      names.disk,
      disk === null
        ? strings.nothing
        : names.freeOf(bytes(disk.free_bytes), bytes(disk.total_bytes)),
    ],
  ];
}
