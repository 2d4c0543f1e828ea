import type { Finding, Report } from '../model/report.js';
import { oneLine } from '../safe/escape.js';

export const forges = ['github', 'gitlab'] as const;
export type Forge = (typeof forges)[number];

/** What `readiness init` found in a repository: what it shows, and what the files that it writes are made of. */
export interface Found {
  readonly name: string;
  readonly kinds: readonly string[];
  /** `python 92 %`, the largest share first. */
  readonly languages: readonly string[];
  /** Titles of frameworks, servers, services and platforms. */
  readonly technologies: readonly string[];
  readonly deployables: readonly string[];
  readonly forge: { readonly name: Forge | null; readonly because: string };
  readonly verdict: string;
  /** Of 100; null where nothing was decided. */
  readonly score: number | null;
  readonly failures: { readonly critical: number; readonly important: number; readonly recommended: number };
  /** Checks to show a waiver and an attestation with: one that fails, and one that only a person or an environment settles. */
  readonly examples: { readonly waiver: string; readonly attestation: string };
}

const shownKinds = new Set(['framework', 'server', 'service', 'platform']);

/** What an audit says about the repository, in the words of `readiness init`. `paths` are the listed files. */
export function foundIn(report: Report, remoteHost: string | null, paths: readonly string[]): Found {
  const { inventory, target, verdict, score } = report;
  const lines = inventory.languages.reduce((sum, l) => sum + l.lines, 0);
  const failing = report.findings.filter((f) => f.deployable === null && f.outcome === 'fail' && !f.waiver);
  const open = report.findings.filter((f) => f.deployable === null && f.outcome === 'unknown');
  const count = (severity: Finding['severity']): number => failing.filter((f) => f.severity === severity).length;
  return {
    name: oneLine(target.name),
    kinds: inventory.kinds,
    languages: inventory.languages.slice(0, 4).map((l) => `${l.language} ${Math.round((l.lines / Math.max(lines, 1)) * 100)} %`),
    technologies: inventory.technologies.filter((t) => shownKinds.has(t.kind)).map((t) => t.title),
    deployables: inventory.deployables.filter((d) => !d.auxiliary).map((d) => oneLine(d.name)),
    forge: forgeOf(remoteHost, paths),
    verdict,
    score: score.value,
    failures: { critical: count('critical'), important: count('important'), recommended: count('recommended') },
    examples: {
      waiver: failing.find((f) => f.severity === 'important')?.check ?? failing[0]?.check ?? 'delivery/code-review-required',
      attestation: open.find((f) => f.severity === 'critical')?.check ?? open[0]?.check ?? 'backup/restore-tested',
    },
  };
}

/** The forge by the host of the remote, else by the files that only one of them reads. */
export function forgeOf(remoteHost: string | null, paths: readonly string[]): Found['forge'] {
  const host = remoteHost?.toLowerCase() ?? '';
  if (/(^|\.)github\./.test(host)) return { name: 'github', because: `the remote is on ${oneLine(host)}` };
  if (/(^|\.)gitlab\./.test(host)) return { name: 'gitlab', because: `the remote is on ${oneLine(host)}` };
  const github = paths.find((p) => p.startsWith('.github/'));
  const gitlab = paths.find((p) => p === '.gitlab-ci.yml' || p.startsWith('.gitlab/'));
  if (gitlab && !github) return { name: 'gitlab', because: `${oneLine(gitlab)} is there` };
  if (github && !gitlab) return { name: 'github', because: `${oneLine(github)} is there` };
  return { name: null, because: github ? 'files of GitHub and of GitLab are there' : 'no remote and no file of GitHub or GitLab is there' };
}

/** A threshold to begin with: where the repository stands today, in steps of five, so that the first build does not fail by it. */
export const firstThreshold = (score: number | null): number => (score === null ? 0 : Math.floor(score / 5) * 5);
