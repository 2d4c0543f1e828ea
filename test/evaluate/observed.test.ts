import { describe, expect, it } from 'vitest';
import { withObservation } from '../../src/evaluate/observed.js';
import type { TreeJudgement } from '../../src/evaluate/tree.js';
import type { Evidence } from '../../src/model/evidence.js';
import type { Finding } from '../../src/model/report.js';
import { finding } from './support.js';

const here: Evidence = {
  probe: 'document',
  answer: 'yes',
  violation: false,
  location: { path: 'nginx.conf', line: 3 },
  message: 'max-age=31536000',
};
const missing: Evidence = { probe: 'text', answer: 'no', violation: false, message: 'no such header' };
const wrong: Evidence = { ...here, answer: 'no', violation: true, message: 'max-age=300' };
const where = 'https://app.example.org/';
const live = (answer: Evidence['answer'], message: string): TreeJudgement => ({
  answer,
  evidence: [{ probe: 'http', answer, violation: answer === 'no', where, message, ...(answer === 'yes' ? { rung: 'observed' } : {}) }],
  rung: answer === 'yes' ? 'observed' : null,
});
const yes = live('yes', 'sent');
const no = live('no', 'not sent');
const silent = live('unknown', 'could not be seen (refused): the connection was refused');
const unnamed: TreeJudgement = {
  answer: 'unknown',
  evidence: [{ probe: 'http', answer: 'unknown', violation: false, message: 'name an environment' }],
  rung: null,
};

const passing = finding({ outcome: 'pass', evidence: [here], rung: 'configured', summary: 'declared' });
const lacking = finding({ outcome: 'fail', kind: 'missing', evidence: [missing], summary: 'Not found.' });
const violating = finding({ outcome: 'fail', kind: 'violation', evidence: [wrong], summary: 'max-age=300' });
const open = finding({ outcome: 'unknown', evidence: [], summary: 'look at it' });

const short = ({ outcome, kind, rung, disagreement }: Finding) => ({ outcome, kind, rung, differ: disagreement !== undefined });

describe('files and the running system', () => {
  it.each([
    ['declared, seen', passing, yes, { outcome: 'pass', kind: null, rung: 'observed', differ: false }],
    ['declared, not on the wire', passing, no, { outcome: 'fail', kind: 'disagreement', rung: null, differ: true }],
    ['missing, seen', lacking, yes, { outcome: 'pass', kind: null, rung: 'observed', differ: true }],
    ['missing, not on the wire', lacking, no, { outcome: 'fail', kind: 'violation', rung: null, differ: false }],
    ['wrong, right on the wire', violating, yes, { outcome: 'fail', kind: 'disagreement', rung: null, differ: true }],
    ['wrong, wrong on the wire', violating, no, { outcome: 'fail', kind: 'violation', rung: null, differ: false }],
    ['open, seen', open, yes, { outcome: 'pass', kind: null, rung: 'observed', differ: false }],
    ['open, not on the wire', open, no, { outcome: 'fail', kind: 'violation', rung: null, differ: false }],
  ] as const)('%s', (_name, declared, observed, wanted) => {
    const joined = withObservation(declared, observed);
    expect(short(joined)).toEqual(wanted);
    expect(joined.evidence.some((e) => e.where === where)).toBe(true);
    expect(joined.summary).not.toBe('');
  });

  it('names both places where they differ', () => {
    const joined = withObservation(passing, no);
    expect(joined.disagreement).toEqual({ declared: here, observed: no.evidence[0] });
    expect(joined.summary).toBe('Declared (nginx.conf:3), and the running system shows otherwise: https://app.example.org/: not sent');
    expect(withObservation(lacking, yes).summary).toContain('nothing in the repository declares it');
  });

  it('the files decide where it cannot be seen, and the reason is told', () => {
    for (const declared of [passing, lacking, violating]) {
      const joined = withObservation(declared, silent);
      expect(short(joined)).toEqual(short(declared));
      expect(joined.evidence.at(-1)?.message).toContain('refused');
    }
    expect(withObservation(open, silent).summary).toContain('the connection was refused');
  });

  it('says nothing to a decided finding where nobody named an endpoint', () => {
    expect(withObservation(passing, unnamed)).toBe(passing);
    expect(withObservation(open, unnamed).evidence).toHaveLength(1);
  });

  it('where the files hold nothing to judge, the running system alone decides', () => {
    const nothing = finding({ outcome: 'not-applicable', evidence: [], summary: 'nothing' });
    expect(short(withObservation(nothing, yes))).toMatchObject({ outcome: 'pass', rung: 'observed', differ: false });
    expect(short(withObservation(nothing, no))).toMatchObject({ outcome: 'fail', kind: 'violation' });
    expect(short(withObservation(nothing, silent))).toMatchObject({ outcome: 'unknown' });
    expect(withObservation(nothing, unnamed)).toBe(nothing);
    expect(withObservation(nothing, { answer: 'not-applicable', evidence: [], rung: null })).toBe(nothing);
  });
});
