import { describe, expect, it } from 'vitest';
import { rollUp, withRollUps } from '../../src/evaluate/rollup.js';
import { finding, violation } from './support.js';

const waiver = { reason: 'accepted for now', owner: 'ops', expires: '2027-01-01' };

describe('rollUp', () => {
  it('lets the worst decide', () => {
    const outcomes = ['pass', 'not-applicable', 'unknown', 'error', 'fail'] as const;
    for (let n = 1; n <= outcomes.length; n++) {
      const among = outcomes.slice(0, n).map((outcome, i) => finding({ outcome, deployable: `d${i}` }));
      expect(rollUp(among).outcome).toBe(['pass', 'pass', 'unknown', 'error', 'fail'][n - 1]);
    }
  });

  it('names the deployable in evidence and summary where there are several', () => {
    const rolled = rollUp([
      finding({ deployable: 'web', outcome: 'pass' }),
      finding({
        deployable: 'api',
        outcome: 'fail',
        kind: 'violation',
        summary: 'runs as root',
        evidence: [violation('api/Dockerfile', 3)],
      }),
    ]);
    expect(rolled).toMatchObject({
      deployable: null,
      kind: 'violation',
      summary: 'api (1 of 2 deployables): runs as root',
      held: 1,
      total: 2,
    });
    expect(rolled.evidence[0]?.message).toBe('api: wrong here');
  });

  it('leaves a single deployable as it is', () => {
    const one = finding({ deployable: 'api', outcome: 'fail', summary: 'nothing found' });
    expect(rollUp([one])).toEqual({ ...one, deployable: null });
    expect(rollUp([one, finding({ deployable: 'web', outcome: 'not-applicable' })]).summary).toBe('nothing found');
  });

  it('is waived only when every failure is, and never hides an open one behind a waived one', () => {
    const waived = finding({ deployable: 'a', outcome: 'fail', kind: 'violation', waiver });
    const open = finding({ deployable: 'b', outcome: 'fail', kind: 'missing' });
    expect(rollUp([waived, open])).toMatchObject({ waiver: null, kind: 'missing' });
    expect(rollUp([waived, { ...waived, deployable: 'c' }]).waiver).toEqual(waiver);
    expect(rollUp([waived, finding({ deployable: 'd', outcome: 'unknown' })])).toMatchObject({ outcome: 'fail', waiver });
  });

  it('adds one roll-up for each check judged for deployables and none beside a repository finding', () => {
    const all = withRollUps([
      finding({ check: 'a/x', deployable: 'api' }),
      finding({ check: 'a/x', deployable: 'web' }),
      finding({ check: 'b/y' }),
    ]);
    expect(all.filter((f) => f.deployable === null).map((f) => f.check)).toEqual(['a/x', 'b/y']);
    expect(all).toHaveLength(4);
  });
});
