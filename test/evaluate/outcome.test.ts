import { describe, expect, it } from 'vitest';
import { evaluateCheck } from '../../src/evaluate/outcome.js';
import type { Judgement } from '../../src/model/evidence.js';
import type { Probe } from '../../src/model/probe.js';
import { selected, view, violation } from './support.js';

function run(judgement: Judgement | Error, over: Parameters<typeof selected>[0] = {}, v = view()) {
  const leaf: Probe = {
    name: 'leaf',
    queries: () => [],
    judge: () => {
      if (judgement instanceof Error) throw judgement;
      return judgement;
    },
  };
  return evaluateCheck(selected(over), v, { probes: new Map([['leaf', leaf]]) });
}
const yes: Judgement = {
  answer: 'yes',
  evidence: [{ probe: 'leaf', answer: 'yes', violation: false, message: 'USER app', rung: 'configured' }],
};

describe('evaluateCheck', () => {
  it('passes with the evidence, its rung and the check’s own words', () => {
    expect(run(yes, {}, view(undefined, 'api'))).toMatchObject({
      check: 'containers/example',
      category: 'containers',
      deployable: 'api',
      outcome: 'pass',
      kind: null,
      summary: 'USER app',
      rung: 'configured',
      weight: 10,
      severity: 'critical',
    });
  });

  it('is not applicable where `applies` is false, or nothing is left of the tree', () => {
    expect(run(yes, { applies: 'no' })).toMatchObject({ outcome: 'not-applicable', evidence: [] });
    expect(run({ answer: 'not-applicable', evidence: [] })).toMatchObject({ outcome: 'not-applicable' });
  });

  it('tells a violation from something missing', () => {
    const bad = run({
      answer: 'no',
      evidence: [violation('Dockerfile', 4, 'runs as root'), violation('Dockerfile.web', 2, 'runs as root')],
    });
    expect(bad).toMatchObject({ outcome: 'fail', kind: 'violation', summary: 'runs as root (and 1 more)' });
    const missing = run({ answer: 'no', evidence: [] }, { looked: 'a helmet() call' });
    expect(missing).toMatchObject({ outcome: 'fail', kind: 'missing', summary: 'Not found. Looked for: a helmet() call' });
  });

  it('fills the placeholders of a message from the evidence', () => {
    const bad = run(
      { answer: 'no', evidence: [{ ...violation('Dockerfile', 4), excerpt: 'USER root' }] },
      { probe: { leaf: 'x', message: '{{file}}:{{line}} runs as root: {{match.excerpt}}' } },
    );
    expect(bad.summary).toBe('Dockerfile:4 runs as root: USER root');
  });

  it('counts items', () => {
    const bad = run({ answer: 'no', held: 3, total: 5, evidence: [violation('k8s/web.yaml', 4, 'web has no limits')] });
    expect(bad).toMatchObject({ held: 3, total: 5, summary: '2 of 5 do not hold; the first: web has no limits' });
  });

  it('does not tell what searches did not find where something shows the good state', () => {
    const nothing = { probe: 'text, document', answer: 'yes' as const, violation: false, message: 'nothing like NullPool; no settings' };
    const seen = { ...nothing, probe: 'text', location: { path: 'db.py', line: 3 }, message: 'a pool of ten' };
    const history = { ...nothing, probe: 'git', message: 'the last 50 commits came through a pull request' };
    expect(run({ answer: 'yes', evidence: [nothing, seen] })).toMatchObject({ summary: 'a pool of ten', evidence: [seen] });
    expect(run({ answer: 'yes', evidence: [nothing, history] }).summary).toBe(history.message);
    expect(run({ answer: 'yes', evidence: [nothing] }).summary).toBe('An example holds: nothing was seen that speaks against it.');
  });

  it('is an error, never a verdict, where a probe or a condition breaks', () => {
    expect(run(new Error('boom\nat x'))).toMatchObject({ outcome: 'error', summary: 'The check could not be carried out: boom at x' });
    expect(run(yes, { applies: 'uses.nothing' }).outcome).toBe('error');
    expect(run(yes, { applies: 'three' }, view({ three: 3 })).outcome).toBe('error');
    expect(run(yes, { probe: { nosuch: 1 } }).summary).toContain('there is no probe named nosuch');
  });

  it('shows the same evidence once', () => {
    expect(run({ answer: 'no', evidence: [violation('a'), violation('a'), violation('b')] }).evidence).toHaveLength(2);
  });

  it('chooses the first snippet whose condition holds, else the general one', () => {
    const fix = {
      text: 'Do the right thing.',
      snippet: 'general',
      snippets: [
        { if: 'broken', code: 'a' },
        { if: 'no', code: 'b' },
        { if: 'yes', code: 'c', language: 'python' },
      ],
    };
    expect(run(yes, { fix }).fix).toEqual({ text: 'Do the right thing.', snippet: 'c', language: 'python' });
    expect(run(yes, { fix: { ...fix, snippets: fix.snippets.slice(0, 2) } }).fix.snippet).toBe('general');
    expect(run(yes, { fix: { text: 'Do the right thing.' } }).fix.snippet).toBeNull();
  });
});
