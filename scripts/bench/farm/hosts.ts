import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Several benches may run on one machine: names (of 15 characters at most) and addresses are by process. */
const BRIDGE = `upreelb${process.pid}`;
const NETWORK = `10.${64 + ((process.pid >> 8) % 64)}.${process.pid % 256}`;
/** Where the gateway listens: reached from the hosts alone. */
export const GATEWAY_HOST = `${NETWORK}.1`;

/** A computer with a network of its own, on this machine. */
export interface Host extends AsyncDisposable {
  /** Before the command line of a program that is to run there. */
  readonly enter: readonly string[];
  /** Pulls the cable, or plugs it in. */
  setCable(isIn: boolean): Promise<void>;
  /** Loses this share of the packets, both ways, until it is disposed of; how that was done, undefined: it cannot be done here. */
  lose(share: number): Promise<string | undefined>;
}

/** The network that all hosts are in. Rejects where this user may not make one. */
export async function openNetwork(): Promise<AsyncDisposable> {
  await clearUp();
  await ip("link", "add", BRIDGE, "type", "bridge");
  await ip("address", "add", `${GATEWAY_HOST}/24`, "dev", BRIDGE);
  await ip("link", "set", BRIDGE, "up");
  return { [Symbol.asyncDispose]: () => ip("link", "delete", BRIDGE) };
}

/** Hosts and networks of benches that were killed. */
async function clearUp(): Promise<void> {
  const isGone = (pid: string | undefined): boolean => !existsSync(`/proc/${pid}`);
  const { stdout: namespaces } = await run("ip", ["netns", "list"]);
  for (const [name, pid] of namespaces.matchAll(/^upreel-farm-(\d+)-\d+/gm))
    if (isGone(pid)) await ip("netns", "delete", name);
  const { stdout: links } = await run("ip", ["-o", "link", "show", "type", "bridge"]);
  for (const [, name = "", pid] of links.matchAll(/\b(upreelb(\d+))\b/g))
    if (isGone(pid)) await ip("link", "delete", name);
}

export async function addHost(number: number): Promise<Host> {
  const namespace = `upreel-farm-${process.pid}-${number}`;
  const cable = `upreelf${process.pid}-${number}`;
  const enter = ["ip", "netns", "exec", namespace];
  await ip("netns", "add", namespace);
  await ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", namespace);
  await ip("link", "set", cable, "master", BRIDGE, "up");
  const inside = (...args: readonly string[]): Promise<void> => ip("-n", namespace, ...args);
  await inside("address", "add", `${NETWORK}.${10 + number}/24`, "dev", "eth0");
  await inside("link", "set", "eth0", "up");
  await inside("link", "set", "lo", "up");
  return {
    enter,
    setCable: (isIn) => ip("link", "set", cable, isIn ? "up" : "down"),
    async lose(share) {
      const netem = ["root", "netem", "loss", `${share * 100}%`];
      const both = [
        ["tc", "qdisc", "add", "dev", cable, ...netem],
        [...enter, "tc", "qdisc", "add", "dev", "eth0", ...netem],
      ];
      if (await works(both)) return "tc netem";
      const drop = [
        "-m",
        "statistic",
        "--mode",
        "random",
        "--probability",
        `${share}`,
        "-j",
        "DROP",
      ];
      const rules = ["INPUT", "OUTPUT"].map((chain) => [
        ...enter,
        "iptables",
        "-A",
        chain,
        ...drop,
      ]);
      return (await works(rules)) ? "iptables statistic" : undefined;
    },
    [Symbol.asyncDispose]: () => ip("netns", "delete", namespace),
  };
}

async function works(commands: readonly (readonly string[])[]): Promise<boolean> {
  try {
    for (const [program = "", ...args] of commands) await run(program, args);
    return true;
  } catch {
    return false;
  }
}

async function ip(...args: readonly string[]): Promise<void> {
  await run("ip", args);
}
