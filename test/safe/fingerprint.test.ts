import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/model/evidence.js';
import type { Finding } from '../../src/model/report.js';
import { failuresIn, failuresOf } from '../../src/safe/fingerprint.js';
import { finding, violation } from '../evaluate/support.js';

const failing = (evidence: Evidence[], over: Partial<Finding> = {}) => finding({ outcome: 'fail', kind: 'violation', evidence, ...over });
const prints = (...findings: Finding[]) => failuresOf(findings).map((f) => f.fingerprint);
const seen = (path: string, line: number, excerpt: string): Evidence => ({ ...violation(path, line), excerpt });

describe('fingerprints', () => {
  it('stay when lines move and spaces change, and where a message names a line', () => {
    expect(prints(failing([seen('a.py', 3, 'debug = True')]))).toEqual(prints(failing([seen('a.py', 30, 'debug  =  True')])));
    const said = (line: number) => failing([violation('a.py', line, `set in a.py:${line}:2`)]);
    expect(prints(said(3))).toEqual(prints(said(9)));
  });

  it('differ by check, deployable, path and text', () => {
    const one = failing([seen('a.py', 1, 'x')]);
    const others = [
      failing([seen('b.py', 1, 'x')]),
      failing([seen('a.py', 1, 'y')]),
      { ...one, check: 'security/other' },
      { ...one, deployable: 'api' },
    ];
    expect(new Set(prints(one, ...others)).size).toBe(5);
  });

  it('number equal lines of one file, so that none hides another', () => {
    const [first, second] = prints(failing([seen('a.py', 1, 'x'), seen('a.py', 5, 'x')]));
    expect(first).not.toBe(second);
    expect(prints(failing([seen('a.py', 4, 'x')]))).toEqual([first]);
  });

  it('of what is missing do not hang on its wording', () => {
    const missing = (message: string) => failing([{ probe: 'text', answer: 'no', violation: false, message }], { kind: 'missing' });
    expect(prints(missing('nothing in 3 files'))).toEqual(prints(missing('nothing in 4 files')));
    expect(failuresOf([missing('x')])[0]?.evidence).toBeNull();
  });

  it('do not change when a place is accepted', () => {
    const place = seen('a.py', 1, '');
    const { excerpt: _, ...bare } = place;
    const waived = { ...bare, message: `${bare.message} (waived: because)`, waived: 'because' };
    expect(prints(failing([waived]))).toEqual(prints(failing([bare])));
    expect(failuresOf([failing([waived])])[0]?.waived).toBe(true);
  });

  it('of a report are those of deployables, and of a roll-up only what a running system showed', () => {
    const parts = ['api', 'web'].map((deployable) => failing([violation(`${deployable}.py`)], { deployable }));
    const rolled = failing([violation('api.py'), violation('web.py')]);
    expect(failuresIn({ findings: [rolled, ...parts] })).toHaveLength(2);
    const live = failing([{ probe: 'http', answer: 'no', violation: true, where: 'https://app.example.org/', message: 'no HSTS' }]);
    expect(failuresIn({ findings: [live, ...parts] })).toHaveLength(3);
  });
});
