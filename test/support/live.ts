import { openEnvironment } from '../../src/connect/index.js';
import { audit } from '../../src/audit.js';
import type { SelectedCheck } from '../../src/model/checklist.js';
import type { EnvironmentSource } from '../../src/model/environment.js';
import type { Report } from '../../src/model/report.js';
import { memoryTarget } from '../../src/target/memory.js';
import { definitions } from './builtins.js';

export interface LiveAudit {
  readonly source: EnvironmentSource;
  readonly checks: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly load?: boolean;
  readonly deadlineMs?: number;
  /** The files decide nothing: every check applies, and rests on the running system alone. */
  readonly liveOnly?: boolean;
}

/** A whole audit of files in memory beside a running system, with these checks of ours. */
export async function auditLive(wanted: LiveAudit): Promise<Report> {
  const known = await definitions();
  const selected = wanted.checks.map((id): SelectedCheck => {
    const check = known.checks.find((c) => c.id === id);
    if (!check) throw new Error(`no check is called ${id}`);
    const alone = wanted.liveOnly ? { applies: 'true', scope: 'repository' as const, probe: { unknown: 'the files say nothing' } } : {};
    return { check: { ...check, ...alone }, severity: check.severity, weight: 5, params: { ...check.params, ...wanted.params?.[id] } };
  });
  const now = new Date();
  const environment = openEnvironment({
    name: 'test',
    source: wanted.source,
    permissions: { load: wanted.load ?? false, commands: false },
    now,
    ...(wanted.deadlineMs === undefined ? {} : { deadlineMs: wanted.deadlineMs }),
  });
  try {
    return await audit({
      target: memoryTarget({ ...wanted.files }),
      checklist: {
        name: 'test',
        title: 'Test',
        sources: [],
        checks: selected,
        categoryWeights: {},
        thresholds: { score: null, coverage: null, failOn: 'critical' },
        sections: [],
        exclude: [],
        waivers: [],
        attestations: [],
      } as unknown as Parameters<typeof audit>[0]['checklist'],
      definitions: known,
      version: '0.0.0',
      fromTarget: false,
      now,
      environment,
    });
  } finally {
    await environment.close();
  }
}

/** `pass`, `unknown`, or `fail` with its kind, by check. */
export const outcomesOf = (report: Report): Record<string, string> =>
  Object.fromEntries(
    report.findings.filter((f) => f.deployable === null).map((f) => [f.check, f.kind ? `${f.outcome} ${f.kind}` : f.outcome]),
  );
