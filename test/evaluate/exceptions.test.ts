import { describe, expect, it } from 'vitest';
import { applyExceptions, type Exceptions } from '../../src/evaluate/exceptions.js';
import type { Attestation, Waiver } from '../../src/model/checklist.js';
import { finding, violation } from './support.js';

const waiver = (over: Partial<Waiver> = {}): Waiver => ({
  check: 'security/example',
  reason: 'behind a private network',
  owner: 'platform',
  expires: '2026-12-31',
  ...over,
});
const attestation = (over: Partial<Attestation> = {}): Attestation => ({
  check: 'security/example',
  outcome: 'pass',
  statement: 'The restore was rehearsed.',
  by: 'Ada',
  on: '2026-06-01',
  evidence: 'https://wiki.example/restore',
  expires: '2026-12-31',
  ...over,
});
const apply = (findings: ReturnType<typeof finding>[], over: Partial<Exceptions>) =>
  applyExceptions(findings, { waivers: [], attestations: [], today: '2026-07-01', ...over });
const failing = finding({ outcome: 'fail', kind: 'violation', evidence: [violation('a.py'), violation('legacy/b.py', 2)] });

describe('waivers', () => {
  it('accept a failure, which stays one', () => {
    const { findings, notes } = apply([failing], { waivers: [waiver()] });
    expect(findings[0]).toMatchObject({ outcome: 'fail', kind: 'violation', waiver: { owner: 'platform', expires: '2026-12-31' } });
    expect(notes).toEqual([]);
  });

  it('hold through their last day and have no effect afterwards', () => {
    expect(apply([failing], { waivers: [waiver({ expires: '2026-07-01' })] }).findings[0]?.waiver).not.toBeNull();
    const late = apply([failing], { waivers: [waiver({ expires: '2026-06-30' })] });
    expect(late.findings[0]?.waiver).toBeNull();
    expect(late.notes[0]?.message).toContain('expired on 2026-06-30');
  });

  it('with paths cover only what stands there', () => {
    const partly = apply([failing], { waivers: [waiver({ paths: ['legacy/**'] })] }).findings[0];
    expect(partly?.waiver).toBeNull();
    expect(partly?.evidence.map((e) => e.message)).toEqual(['wrong here', 'wrong here (waived)']);
    expect(apply([failing], { waivers: [waiver({ paths: ['legacy/**', '*.py'] })] }).findings[0]?.waiver).not.toBeNull();
    const together = apply([failing], { waivers: [waiver({ paths: ['legacy/**'] }), waiver({ paths: ['a.py'], owner: 'other' })] });
    expect(together.findings[0]?.waiver?.owner).toBe('platform');
  });

  it('with paths never cover what has no place', () => {
    const missing = finding({ outcome: 'fail', evidence: [{ probe: 'text', answer: 'no', violation: false, message: 'nothing found' }] });
    const { findings, notes } = apply([missing], { waivers: [waiver({ paths: ['**'] })] });
    expect(findings[0]?.waiver).toBeNull();
    expect(notes[0]?.message).toContain('has no effect');
  });

  it('are held to their deployable', () => {
    const two = ['api', 'web'].map((deployable) => ({ ...failing, deployable }));
    const { findings } = apply(two, { waivers: [waiver({ deployable: 'api' })] });
    expect(findings.map((f) => f.waiver !== null)).toEqual([true, false]);
  });

  it('that match nothing are noted', () => {
    expect(apply([finding()], { waivers: [waiver()] }).notes[0]?.message).toContain('Remove it');
    expect(apply([failing], { waivers: [waiver({ check: 'other/check' })] }).notes[0]?.message).toContain('names no check');
  });
});

describe('attestations', () => {
  it('answer an unknown and something missing', () => {
    for (const outcome of ['unknown', 'fail'] as const) {
      const { findings, notes } = apply([finding({ outcome })], { attestations: [attestation()] });
      expect(findings[0]).toMatchObject({ outcome: 'pass', kind: null, attestation: { by: 'Ada' }, rung: null });
      expect(findings[0]?.evidence[0]?.message).toContain('https://wiki.example/restore');
      expect(notes).toEqual([]);
    }
  });

  it('may say that a check does not apply', () => {
    const { findings } = apply([finding({ outcome: 'unknown' })], { attestations: [attestation({ outcome: 'not-applicable' })] });
    expect(findings[0]).toMatchObject({ outcome: 'not-applicable', evidence: [] });
  });

  it('never override a violation seen or an error', () => {
    for (const open of [failing, finding({ outcome: 'error' })]) {
      const { findings, notes } = apply([open], { attestations: [attestation()] });
      expect(findings[0]).toEqual(open);
      expect(notes[0]?.message).toContain('has no effect');
    }
  });

  it('expired, future and unmatched ones have no effect and are noted; old ones are mentioned', () => {
    const open = finding({ outcome: 'unknown' });
    const said = (over: Partial<Attestation>) => apply([open], { attestations: [attestation(over)] });
    expect(said({ expires: '2026-06-30' })).toMatchObject({ findings: [open], notes: [{ kind: 'exception' }] });
    expect(said({ on: '2026-07-02' })).toMatchObject({ findings: [open], notes: [{ kind: 'exception' }] });
    expect(said({ check: 'a/b' }).notes[0]?.message).toContain('answers no check');
    expect(said({ on: '2025-07-01' })).toMatchObject({
      findings: [{ outcome: 'pass' }],
      notes: [{ message: expect.stringContaining('365 days old') }],
    });
  });
});
