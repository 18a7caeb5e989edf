import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ScaledObject } from "@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject";
import { PrometheusRule } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";
import { Deployment } from "kubernetes-models/apps/v1/Deployment";
import { StatefulSet } from "kubernetes-models/apps/v1/StatefulSet";
import { NetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { Namespace } from "kubernetes-models/v1/Namespace";
import { PersistentVolumeClaim } from "kubernetes-models/v1/PersistentVolumeClaim";
import { Service } from "kubernetes-models/v1/Service";
import { beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const FOLDER = join(ROOT, "deploy", "kubernetes");

/** By kind: what says whether a manifest is one. */
const MODELS = {
  ...{ Deployment, StatefulSet, Service, Namespace, PersistentVolumeClaim },
  ...{ PodDisruptionBudget, NetworkPolicy, ServiceMonitor, PrometheusRule, ScaledObject },
} as const;
type Kind = keyof typeof MODELS;
type Labels = Readonly<Record<string, string>>;
interface Manifest {
  readonly kind: Kind;
  readonly apiVersion: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Labels;
  };
}

let manifests: readonly Manifest[];
let texts: string;
beforeAll(async () => {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith(".yaml"));
  const read = names.map((name) => readFile(join(FOLDER, name), "utf8"));
  texts = (await Promise.all(read)).join("\n---\n");
  manifests = parseAllDocuments(texts, { merge: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
});

const text = (name: string): Promise<string> => readFile(join(ROOT, name), "utf8");
const ofKind = (...kinds: readonly Kind[]): readonly Manifest[] =>
  manifests.filter(({ kind }) => kinds.includes(kind));

/** Every value below `of` whose key is `key`. */
function valuesOf(of: unknown, key: string): unknown[] {
  if (Array.isArray(of)) return of.flatMap((each) => valuesOf(each, key));
  if (typeof of !== "object" || of === null) return [];
  return Object.entries(of).flatMap(([name, value]) =>
    name === key ? [value] : valuesOf(value, key),
  );
}

/** What a workload runs. */
interface PodSpec {
  readonly containers: readonly {
    readonly image: string;
    readonly ports?: readonly { readonly name: string }[];
    readonly env: readonly { readonly name: string }[];
    readonly readinessProbe?: object;
    readonly livenessProbe?: object;
    readonly securityContext: object;
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly affinity?: object;
  readonly securityContext: object;
  readonly volumes?: readonly { readonly name: string }[];
}
interface Workload extends Manifest {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}
const workloads = (): readonly Workload[] => ofKind("Deployment", "StatefulSet") as Workload[];

const selects = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([name, value]) => labels[name] === value);

it("each manifest is what Kubernetes and its operators take", () => {
  expect(new Set(manifests.map(({ kind }) => kind))).toEqual(new Set(Object.keys(MODELS)));
  for (const manifest of manifests) {
    const { kind, metadata } = manifest;
    const Model = MODELS[kind] as unknown as new (given: Manifest) => {
      readonly apiVersion: string;
      validate(): void;
    };
    const model = new Model(manifest);
    expect(() => model.validate(), `${kind} ${metadata.name}`).not.toThrow();
    expect(model.apiVersion, `${kind} ${metadata.name}`).toBe(manifest.apiVersion);
    if (kind !== "Namespace") expect(metadata.namespace, `${kind} ${metadata.name}`).toBe("upreel");
  }
});

it("what selects finds something", () => {
  const pods = workloads().map(({ spec }) => spec.template.metadata.labels);
  const services = ofKind("Service").map(({ metadata: { labels = {} } }) => labels);
  for (const manifest of manifests) {
    const found = manifest.kind === "ServiceMonitor" ? services : pods;
    const selectors = [
      ...valuesOf(manifest, "matchLabels"),
      ...(manifest.kind === "Service" ? valuesOf(manifest, "selector") : []),
    ] as Labels[];
    for (const selector of selectors) {
      const isFound = found.some((labels) => selects(selector, labels));
      expect(isFound, `${manifest.kind} ${manifest.metadata.name}`).toBe(true);
    }
  }
  const ports = new Set(
    valuesOf(workloads(), "containers")
      .flatMap((each) => valuesOf(each, "ports"))
      .flat()
      .map((port) => (port as { name: string }).name),
  );
  for (const port of valuesOf(ofKind("Service"), "targetPort")) expect(ports).toContain(port);
});

describe("each workload", () => {
  it("may nothing but what it is for", () => {
    for (const { metadata, spec } of workloads()) {
      const { containers, securityContext } = spec.template.spec;
      expect(securityContext, metadata.name).toMatchObject({
        ...{ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      });
      for (const container of containers)
        expect(container.securityContext, metadata.name).toEqual({
          ...{ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true },
          capabilities: { drop: ["ALL"] },
        });
    }
  });

  it("is asked whether it works where it has a port, and mounts what there is", () => {
    for (const { metadata, spec } of workloads()) {
      const { containers, volumes = [] } = spec.template.spec;
      const claims = (spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name);
      const there = [...volumes.map(({ name }) => name), ...claims];
      for (const { ports, readinessProbe, livenessProbe, volumeMounts } of containers) {
        for (const { name } of volumeMounts) expect(there, metadata.name).toContain(name);
        if (ports === undefined) continue;
        expect(readinessProbe, metadata.name).toBeDefined();
        expect(livenessProbe, metadata.name).toBeDefined();
      }
    }
    const claimed = valuesOf(workloads(), "claimName");
    const names = ofKind("PersistentVolumeClaim").map(({ metadata }) => metadata.name);
    for (const name of claimed) expect(names).toContain(name);
  });

  it("of several copies lies apart, and may not go all at once", () => {
    const several = workloads().filter(({ spec }) => spec.replicas > 1);
    expect(several.map(({ metadata }) => metadata.name)).toEqual(["upreel-nginx", "upreel-worker"]);
    const budgets = valuesOf(ofKind("PodDisruptionBudget"), "matchLabels") as Labels[];
    for (const { metadata, spec } of several) {
      expect(spec.template.spec.affinity, metadata.name).toHaveProperty("podAntiAffinity");
      const { labels } = spec.template.metadata;
      expect(
        budgets.some((budget) => selects(budget, labels)),
        metadata.name,
      ).toBe(true);
    }
  });

  it("runs the images of compose.yaml, or Upreel's own of this version", async () => {
    const compose = await text("compose.yaml");
    const { version } = JSON.parse(await text("package.json")) as { version: string };
    for (const image of valuesOf(workloads(), "image")) {
      if (image === `upreel:${version}`) continue;
      expect(compose).toContain(`image: ${String(image)}`);
    }
  });
});

it("settings and metrics are those of Upreel", async () => {
  const settings = await text("docs/configuration.md");
  for (const { metadata, spec } of workloads()) {
    if (!["upreel", "upreel-worker"].includes(metadata.name)) continue;
    for (const { name } of spec.template.spec.containers[0]?.env ?? [])
      if (!["VALKEY_PASSWORD", "POD_NAME"].includes(name))
        expect(settings, metadata.name).toContain(`| \`${name}\` |`);
  }
  const metrics = await text("apps/gateway/src/http/api/metrics.ts");
  const used = [...new Set(texts.match(/\bupreel_\w+/g))];
  expect(used).toContain("upreel_backlog_seconds");
  for (const name of used) expect(metrics).toContain(`"${name}"`);
});
