import { describe, expect, it } from 'vitest';
import { judgeItems } from '../../src/evaluate/items.js';
import type { Finding } from '../../src/model/report.js';

const finding = (check: string, outcome: Finding['outcome'], deployable: string | null = null) =>
  ({ check, outcome, deployable, summary: `${check} ${outcome}` }) as Finding;
const findings = [
  finding('a/pass', 'pass'),
  finding('a/fail', 'fail'),
  finding('a/unknown', 'unknown'),
  finding('a/none', 'not-applicable'),
  finding('a/pass', 'fail', 'api'),
];
const outcome = (...checks: string[]) => judgeItems([{ text: 't', checks }], findings, '2026-03-01')[0]!.outcome;

describe('judgeItems', () => {
  it('takes the worst of the checks, of their roll-ups only', () => {
    expect(outcome('a/pass')).toBe('pass');
    expect(outcome('a/pass', 'a/fail')).toBe('fail');
    expect(outcome('a/pass', 'a/unknown')).toBe('unknown');
    expect(outcome('a/pass', 'a/none')).toBe('pass');
    expect(outcome('a/none')).toBe('not-applicable');
    expect(outcome('a/off')).toBe('unknown');
  });

  it('takes a signature that is complete and in date', () => {
    const sign = (attestation: { owner: string; on: string; evidence: string; expires: string }, today = '2026-03-01') =>
      judgeItems([{ text: 't', attestation }], findings, today)[0]!;
    const full = { owner: 'Ann', on: '2026-01-01', evidence: 'https://example.org/1', expires: '2026-06-01' };
    expect(sign(full)).toMatchObject({ outcome: 'pass', summary: 'attested by Ann on 2026-01-01: https://example.org/1' });
    expect(sign(full, '2026-06-02').outcome).toBe('unknown');
    expect(sign({ ...full, evidence: '' })).toMatchObject({ outcome: 'unknown', summary: 'the attestation is incomplete: evidence' });
    expect(judgeItems([{ text: 't' }], findings, '2026-03-01')[0]!.outcome).toBe('unknown');
  });
});
