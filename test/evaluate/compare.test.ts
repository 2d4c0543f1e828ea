import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareReports } from '../../src/evaluate/compare.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { Finding, Report } from '../../src/model/report.js';
import { goldenReport } from '../report/golden.js';
import { finding, violation } from './support.js';

const seen = (path: string, line: number, excerpt: string): Evidence => ({ ...violation(path, line), excerpt });
const failing = (evidence: Evidence[], over: Partial<Finding> = {}) => finding({ outcome: 'fail', kind: 'violation', evidence, ...over });
const { environment: _, ...plain } = goldenReport();
const report = (...findings: Finding[]): Report => ({ ...plain, findings });
const states = (base: Report, current: Report) => compareReports(base, current).changes.map((c) => c.state);

describe('comparing reports', () => {
  it('a line that moved is the same failure', () => {
    const compared = compareReports(report(failing([seen('a.py', 3, 'x')])), report(failing([seen('a.py', 9, 'x')])));
    expect(compared.changes).toMatchObject([{ state: 'moved', location: { path: 'a.py', line: 9 }, from: { path: 'a.py', line: 3 } }]);
  });

  it('one fixed and one new do not cancel out', () => {
    const compared = compareReports(report(failing([seen('a.py', 3, 'x')])), report(failing([seen('a.py', 3, 'y')])));
    expect(compared.counts).toMatchObject({ new: 1, fixed: 1, unchanged: 0, moved: 0 });
  });

  it('one more equal line is new, one less is fixed', () => {
    const one = report(failing([seen('a.py', 3, 'x')]));
    const two = report(failing([seen('a.py', 3, 'x'), seen('a.py', 5, 'x')]));
    expect(states(one, two)).toEqual(['new']);
    expect(states(two, one)).toEqual(['fixed']);
  });

  it('a renamed file, and a renamed deployable, move their failures', () => {
    expect(states(report(failing([seen('a.py', 3, 'x')])), report(failing([seen('b.py', 3, 'x')])))).toEqual(['moved']);
    const of = (deployable: string) =>
      report(failing([]), failing([seen('a.py', 3, 'x')], { deployable }), finding({ deployable: 'other' }));
    expect(states(of('api'), of('backend'))).toEqual(['moved']);
  });

  it('what is missing beside a violation is told when the violation is gone, and is not new then', () => {
    const missing: Evidence = { probe: 'text', answer: 'no', violation: false, message: 'nothing instead' };
    const both = report(failing([seen('a.py', 3, 'x'), missing]));
    const left = report(failing([missing], { kind: 'missing' }));
    expect(compareReports(both, left).counts).toMatchObject({ new: 0, fixed: 1, unchanged: 1 });
    expect(states(left, both)).toEqual(['new']);
    expect(states(report(finding()), both)).toEqual(['new']);
  });

  it('a fixed line and an equal new one in another file do not cancel out', () => {
    const base = report(failing([seen('a.py', 3, 'x'), seen('a.py', 4, 'y')]));
    expect(states(base, report(failing([seen('a.py', 3, 'y'), seen('b.py', 3, 'x')])))).toEqual(['new', 'moved', 'fixed']);
    const renamed = report(failing([seen('b.py', 3, 'x'), seen('b.py', 4, 'y')]));
    expect(states(base, renamed)).toEqual(['moved', 'moved']);
    expect(compareReports(base, renamed, (path) => path === 'a.py').counts).toMatchObject({ new: 2, fixed: 2, moved: 0 });
    const two = (api: Evidence[], web: Evidence[]) =>
      report(failing([]), failing(api, { deployable: 'api' }), failing(web, { deployable: 'web' }));
    const [x, y] = [seen('shared.conf', 1, 'x'), seen('shared.conf', 2, 'y')];
    expect(states(two([x, y], [y]), two([y], [x, y]))).toEqual(['new', 'fixed']);
  });

  it('what nobody judged before is revealed, what nobody judges now is undecided', () => {
    const fails = report(failing([seen('a.py', 3, 'x')]));
    for (const other of [report(), report(finding({ outcome: 'error' }))]) {
      expect(states(other, fails)).toEqual(['revealed']);
      expect(states(fails, other)).toEqual(['undecided']);
    }
    expect(states(report(finding({ outcome: 'unknown' })), fails)).toEqual(['new']);
    expect(states(fails, report(finding({ outcome: 'unknown' })))).toEqual(['undecided']);
    expect(states(fails, report(finding({ outcome: 'not-applicable' })))).toEqual(['fixed']);
  });

  it('what only a running system shows is neither new nor fixed where the other report looked at none', () => {
    const live = failing([{ probe: 'http', answer: 'no', violation: true, where: 'https://app.example.org/', message: 'no HSTS' }]);
    const environment = { name: 'production', endpoints: ['https://app.example.org/'], measured: 1, unknown: 0 };
    expect(states(report(finding()), { ...report(live), environment })).toEqual(['revealed']);
    expect(states({ ...report(live), environment }, report(finding()))).toEqual(['undecided']);
    expect(states({ ...report(finding()), environment }, { ...report(live), environment })).toEqual(['new']);
  });

  it('every failure is in exactly one state', () => {
    const places = fc.uniqueArray(
      fc.record({ path: fc.constantFrom('a', 'b'), line: fc.integer({ min: 1, max: 9 }), text: fc.constantFrom('x', 'y') }),
      {
        selector: (p) => `${p.path}:${p.line}`,
        minLength: 1,
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(places, places, (a, b) => {
        const of = (list: typeof a) => report(failing(list.map((p) => seen(p.path, p.line, p.text))));
        const { counts } = compareReports(of(a), of(b));
        expect(counts.new + counts.moved + counts.unchanged).toBe(b.length);
        expect(counts.fixed + counts.moved + counts.unchanged).toBe(a.length);
        expect(compareReports(of(a), of(a)).counts).toMatchObject({ new: 0, fixed: 0, moved: 0, unchanged: a.length });
      }),
    );
  });
});
