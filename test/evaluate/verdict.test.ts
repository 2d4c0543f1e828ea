import { describe, expect, it } from 'vitest';
import { computeScore } from '../../src/evaluate/score.js';
import { decideVerdict, exitCodeOf } from '../../src/evaluate/verdict.js';
import type { Checklist } from '../../src/model/checklist.js';
import type { Finding } from '../../src/model/report.js';
import { finding } from './support.js';

const waiver = { reason: 'accepted', owner: 'ops', expires: '2027-01-01' };
const attestation = { by: 'Ada', on: '2026-01-01', statement: 'It is so.', evidence: 'link', expires: '2027-01-01' };

function decide(findings: Finding[], thresholds: Partial<Checklist['thresholds']> = {}) {
  const decision = decideVerdict(findings, computeScore(findings), { score: null, coverage: null, failOn: 'critical', ...thresholds });
  return { ...decision, exit: exitCodeOf(decision) };
}
const fail = (over: Partial<Finding>): Finding => finding({ outcome: 'fail', ...over });

describe('decideVerdict', () => {
  it.each<[string, Finding[], string, number]>([
    ['a critical violation', [fail({ severity: 'critical', kind: 'violation' })], 'DO NOT DEPLOY', 1],
    ['a critical absence', [finding(), fail({ severity: 'critical', kind: 'missing' })], 'NOT READY', 1],
    ['an important failure', [finding(), fail({ severity: 'important' })], 'READY WITH CONDITIONS', 0],
    ['a recommended failure', [finding(), fail({ severity: 'recommended' })], 'READY', 0],
    ['a waived critical violation', [finding(), fail({ severity: 'critical', kind: 'violation', waiver })], 'READY WITH CONDITIONS', 0],
    ['an attested pass', [finding(), finding({ attestation })], 'READY WITH CONDITIONS', 0],
    ['only passes', [finding()], 'READY', 0],
    ['nothing', [], 'NOT READY', 1],
    ['only unknowns', [finding({ outcome: 'unknown' })], 'NOT READY', 1],
    [
      'a violation in one deployable that its roll-up does not carry',
      [finding(), fail({ severity: 'critical', kind: 'violation', deployable: 'x' })],
      'READY',
      0,
    ],
  ])('%s', (_, findings, verdict, exit) => {
    expect(decide(findings)).toMatchObject({ verdict, exit });
  });

  it('compares score and coverage with their thresholds', () => {
    const half = [finding(), fail({ severity: 'recommended', weight: 5 }), finding({ outcome: 'unknown', weight: 10 })];
    expect(decide(half, { score: 50, coverage: 50 })).toMatchObject({ verdict: 'READY', exit: 0 });
    expect(decide(half, { score: 51 })).toMatchObject({ verdict: 'NOT READY', exit: 1 });
    expect(decide(half, { coverage: 51 })).toMatchObject({ verdict: 'NOT READY', exit: 1 });
    expect(decide(half, { score: 51 }).reasons[0]).toBe('The score of 50 is under the threshold of 51.');
  });

  it('gates on the severity asked for', () => {
    const findings = [finding(), fail({ severity: 'important' })];
    expect(decide(findings, { failOn: 'critical' }).exit).toBe(0);
    expect(decide(findings, { failOn: 'important' }).exit).toBe(1);
    expect(decide([finding(), fail({ severity: 'recommended' })], { failOn: 'important' }).exit).toBe(0);
    expect(decide([finding(), fail({ severity: 'recommended' })], { failOn: 'any' }).exit).toBe(1);
    expect(decide([fail({ severity: 'critical' })], { failOn: 'never' })).toMatchObject({ exit: 0, gates: [] });
  });

  it('names the checks behind each reason, five at most, and what was not verified', () => {
    const many = Array.from({ length: 7 }, (_, i) => fail({ check: `security/c${i}`, severity: 'critical', kind: 'violation' }));
    const { reasons } = decide([...many, finding({ check: 'backup/restore', severity: 'critical', outcome: 'unknown' })]);
    expect(reasons[0]).toBe(
      '7 critical checks fail by a violation seen: security/c0, security/c1, security/c2, security/c3, security/c4 and 2 more.',
    );
    expect(reasons.at(-1)).toBe('1 critical check could not be verified: backup/restore.');
  });
});
