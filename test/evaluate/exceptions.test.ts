import { describe, expect, it } from 'vitest';
import { applyExceptions, type Exceptions } from '../../src/evaluate/exceptions.js';
import type { Attestation, Waiver } from '../../src/model/checklist.js';
import type { Suppression } from '../../src/model/report.js';
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
    expect(partly?.evidence.map((e) => e.message)).toEqual(['wrong here', 'wrong here (waived: behind a private network)']);
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
      notes: [{ message: 'Attestation of security/example by Ada is 365 days old; it holds until 2026-07-01.' }],
    });
  });

  it('count for a year, or for the days that the check says, whatever their expiry', () => {
    const open = finding({ outcome: 'unknown' });
    const said = (on: string, days?: number) =>
      apply([open], { attestations: [attestation({ on })], ...(days ? { days: new Map([['security/example', days]]) } : {}) });
    expect(said('2025-06-30')).toMatchObject({
      findings: [open],
      notes: [{ message: expect.stringContaining('is 366 days old and has no effect: evidence counts for 365 days') }],
    });
    expect(said('2026-06-01', 30).findings[0]?.outcome).toBe('pass');
    expect(said('2026-05-31', 30).findings[0]?.outcome).toBe('unknown');
    expect(said('2025-06-30', 400).findings[0]?.outcome).toBe('pass');
  });

  it('reopen when their condition no longer holds', () => {
    const open = finding({ outcome: 'unknown' });
    const said = attestation({ outcome: 'not-applicable', while: '!has.file_upload' });
    const under = (holds: (expression: string, deployable: string | null) => boolean) => apply([open], { attestations: [said], holds });
    expect(under(() => true).findings[0]?.outcome).toBe('not-applicable');
    expect(under(() => false)).toMatchObject({
      findings: [open],
      notes: [{ message: expect.stringContaining('while !has.file_upload, which no longer holds') }],
    });
    const broken = under(() => {
      throw new Error('no such key');
    });
    expect(broken).toMatchObject({ findings: [open], notes: [{ message: expect.stringContaining('cannot be evaluated (no such key)') }] });
  });

  it('keep what was found, so that it can be scored again', () => {
    const open = finding({ outcome: 'unknown', summary: 'cannot tell', evidence: [violation('a.py')] });
    const { findings } = apply([open], { attestations: [attestation()] });
    expect(findings[0]?.before).toMatchObject({ outcome: 'unknown', summary: 'cannot tell', evidence: open.evidence });
  });
});

describe('comments beside the code', () => {
  const comment = (over: Partial<Suppression> = {}): Suppression => ({
    check: 'security/example',
    path: 'a.py',
    line: 1,
    covers: [1],
    reason: 'reachable from localhost only',
    ...over,
  });
  const said = (...suppressions: Suppression[]) => apply([failing], { suppressions, known: ['security/other', 'testing/other'] });

  it('accept the failure at their lines only', () => {
    const { findings, notes, suppressions } = said(comment());
    expect(findings[0]?.waiver).toBeNull();
    expect(findings[0]?.evidence.map((e) => e.waived)).toEqual([undefined, 'reachable from localhost only']);
    expect(findings[0]?.before?.evidence).toEqual(failing.evidence);
    expect([notes, suppressions]).toEqual([[], [comment()]]);
  });

  it('waive it where they cover all of it, alone or with a waiver', () => {
    const both = said(comment(), comment({ path: 'legacy/b.py', line: 1, covers: [1, 2], reason: 'will be deleted in May' }));
    expect(both.findings[0]?.waiver).toEqual({
      reason: 'reachable from localhost only; will be deleted in May',
      owner: 'comment at a.py:1',
      expires: null,
      place: { path: 'a.py', line: 1 },
    });
    const mixed = apply([failing], { suppressions: [comment()], waivers: [waiver({ paths: ['legacy/**'] })] });
    expect(mixed.findings[0]?.waiver).toMatchObject({ owner: 'platform', expires: '2026-12-31' });
  });

  it('accept with the last place that the good state is missing, but no other place', () => {
    const missing = { probe: 'text', answer: 'no' as const, violation: false, message: 'nothing instead' };
    const both = { ...failing, evidence: [violation('a.py'), missing] };
    expect(apply([both], { suppressions: [comment()] }).findings[0]?.waiver).not.toBeNull();
    const three = { ...failing, evidence: [violation('a.py'), violation('b.py'), missing] };
    expect(apply([three], { suppressions: [comment()] }).findings[0]?.waiver).toBeNull();
  });

  it('never accept what a report left out', () => {
    const cut = { ...failing, omitted: 3 };
    const comments = [comment(), comment({ path: 'legacy/b.py', line: 2, covers: [2] })];
    expect(apply([cut], { suppressions: comments }).findings[0]?.waiver).toBeNull();
  });

  it.each([
    ['without a reason', { reason: '' }, 'it gives no reason; write `readiness: ignore security/example -- reason`'],
    ['with a word for a reason', { reason: 'wip' }, '`wip` is too short for a reason'],
    ['without a check', { check: '' }, 'it names no check'],
    ['of an unknown check', { check: 'security/exampel' }, 'no check is called security/exampel; did you mean security/example?'],
    ['where nothing fails', { covers: [7], line: 7 }, 'nothing fails there'],
  ])('%s have no effect, and a note says so at their place', (_, over, message) => {
    const { findings, notes, suppressions } = said(comment(over));
    expect(findings).toEqual([failing]);
    expect(suppressions).toEqual([]);
    expect(notes).toEqual([
      { kind: 'exception', message: expect.stringContaining(message), location: { path: 'a.py', line: 'line' in over ? over.line : 1 } },
    ]);
  });

  it('of a check that is not judged here are let be', () => {
    expect(said(comment({ check: 'security/other' })).notes).toEqual([]);
  });
});
