import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { compareReports } from '../evaluate/compare.js';
import { ledgerOf } from '../evaluate/ledger.js';
import { UsageError } from '../model/error.js';
import type { Baseline, Report } from '../model/report.js';
import type { Target } from '../model/target.js';
import { oneLine } from '../safe/escape.js';
import { openTree, refTarget, type Tree } from '../target/ref.js';
import type { Auditor, Loaded } from './audit.js';
import { policyAt, type Policy } from './policy.js';
import { loadReport } from './saved.js';

/** How the audited folder is audited, for auditing another commit of it in the same way. */
export interface Way {
  readonly path: string;
  /** The audit of these settings over another target. */
  audited(target: Target): Promise<Report>;
  /** The audit under the checklist that a commit itself has; null where that is the same one, with a remark where it cannot be read. */
  auditedThen(tree: Tree, dirty: boolean | null): Promise<{ report: Report | null; remark?: string }>;
  readonly exclude: readonly string[];
}

/** The way of one audit: `loadAt` gives the checklist that a commit itself has, where it hangs on the commit. */
export function wayOf(settings: {
  readonly path: string;
  readonly loaded: Loaded;
  readonly audited: Auditor;
  readonly loadAt: ((at: Policy) => Promise<Loaded>) | null;
}): Way {
  const { path, loaded, audited, loadAt } = settings;
  const asked = ({ checklist }: Loaded): string => JSON.stringify([checklist.digest, checklist.waivers, checklist.attestations]);
  return {
    path,
    exclude: loaded.checklist.exclude,
    audited: (target) => audited(target, loaded),
    async auditedThen(tree, dirty) {
      if (!loadAt) return { report: null };
      try {
        const then = await loadAt(policyAt(tree));
        if (asked(then) === asked(loaded)) return { report: null };
        const target = await refTarget(tree, { exclude: then.checklist.exclude, dirty });
        return { report: await audited(target, then) };
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        return { report: null, remark: `The checklist of ${tree.ref} cannot be read, so its code is scored with the one of today.` };
      }
    },
  };
}

/** What a report is compared with, and the same code under today's conditions where these differ. */
interface Compared {
  readonly base: Report;
  readonly bridge: Report | null;
  readonly remarks: readonly string[];
}

/**
 * The report with what changed since a baseline: a saved report (a file), or a git ref, whose tree is audited from git's objects.
 * Throws UsageError where it is neither. `way` null: there is no target, so that only files can be compared with.
 */
export async function withBaseline(report: Report, source: string, way: Way | null): Promise<Report> {
  const { base, bridge, remarks } = await openBaseline(report, source, way);
  const ledger = ledgerOf(base, report, bridge);
  const baseline: Baseline = {
    source: oneLine(source),
    commit: base.target.commit,
    date: base.date,
    version: base.tool.version,
    verdict: base.verdict,
    score: base.score.value,
    coverage: base.score.coverage,
    ...compareReports(bridge ?? base, report, (path) => way !== null && isPlain(path) && existsSync(join(way.path, path))),
    ledger: ledger && { ...ledger, remarks: [...ledger.remarks, ...remarks] },
  };
  return { ...report, baseline };
}

/** Below the target: what a report says must not make anything else be looked at. */
const isPlain = (path: string): boolean => !isAbsolute(path) && !path.split(/[/\\]/).includes('..');

async function openBaseline(report: Report, source: string, way: Way | null): Promise<Compared> {
  if (existsSync(source) && statSync(source).isFile()) {
    const base = await loadReport(source, '--baseline');
    return { base, bridge: way ? await bridgeOf(base, report, way) : null, remarks: [] };
  }
  if (!way || /\.json$/i.test(source))
    throw new UsageError(
      `${oneLine(source)} does not exist`,
      '--baseline',
      'name a report saved with --format json, or a git ref: --baseline main',
    );
  const tree = await openTree(way.path, source, '--baseline');
  // Both audits see the same work tree, so that uncommitted changes are no failure that the commit had not.
  const { name, dirty } = report.target;
  const target = await refTarget(tree, { exclude: way.exclude, name, dirty });
  const now = await way.audited(target);
  const { report: then, remark } = await way.auditedThen(tree, dirty);
  return { base: then ?? now, bridge: then ? now : null, remarks: remark ? [remark] : [] };
}

/** The code of a saved report audited as today, where tool or checklist have changed since and its commit is at hand. */
async function bridgeOf(base: Report, report: Report, way: Way): Promise<Report | null> {
  const { commit, dirty } = base.target;
  const same = base.tool.version === report.tool.version && base.checklist.digest === report.checklist.digest;
  if (same || commit === null || dirty !== false) return null;
  try {
    const tree = await openTree(way.path, commit, '--baseline');
    return await way.audited(await refTarget(tree, { exclude: way.exclude, name: report.target.name }));
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/**
 * Gates of `--fail-on regression`: only what is new fails. Thresholds count where the command line asks for them, since those of
 * the checklist are what a team on its way does not reach yet.
 */
export function gatedByRegression(report: Report, asked: { readonly failUnder?: number; readonly minCoverage?: number }): Report {
  const fresh = (report.baseline?.changes ?? []).filter((c) => c.state === 'new' && !c.waived);
  const decided = report.score.value !== null;
  const shown = [...new Set(fresh.map((c) => c.check))];
  const names = shown.slice(0, 5).join(', ') + (shown.length > 5 ? ` and ${shown.length - 5} more` : '');
  return {
    ...report,
    checklist: { ...report.checklist, thresholds: { ...report.checklist.thresholds, failOn: 'regression' } },
    gates: [
      {
        name: 'fail-on regression',
        holds: fresh.length === 0,
        message:
          fresh.length === 0
            ? 'No failure is new.'
            : `${fresh.length} ${fresh.length === 1 ? 'failure is' : 'failures are'} new: ${names}.`,
      },
      { name: 'decided', holds: decided, message: decided ? 'Checks were decided.' : 'No check could be decided.' },
      ...report.gates.filter(
        (g) => (g.name === 'score' && asked.failUnder !== undefined) || (g.name === 'coverage' && asked.minCoverage !== undefined),
      ),
    ],
  };
}
