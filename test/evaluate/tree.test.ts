import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateTree, type TreeContext } from '../../src/evaluate/tree.js';
import type { ProbeNode } from '../../src/model/check.js';
import type { Answer, Evidence, Judgement } from '../../src/model/evidence.js';

const at = (line: number, over: Partial<Evidence> = {}): Evidence => ({
  probe: 'text',
  answer: 'yes',
  violation: false,
  location: { path: 'app.py', line },
  message: `seen at ${line}`,
  ...over,
});

/** Leaves are `{ is: answer }` or `{ gives: judgement }`. */
const context: TreeContext = {
  holds: (expression) => expression === 'true',
  judge: (probe, params) =>
    probe === 'is'
      ? {
          answer: params as Answer,
          evidence: [{ probe, answer: params as Answer, violation: false, message: `leaf says ${String(params)}` }],
        }
      : (params as Judgement),
  render: (message, e) => message.replace('{{line}}', String(e.location?.line ?? 0)),
};
const judge = (node: ProbeNode) => evaluateTree(node, context);
const is = (answer: string, rest: Partial<ProbeNode> = {}): ProbeNode => ({ is: answer, ...rest });
const gives = (judgement: Judgement, rest: Partial<ProbeNode> = {}): ProbeNode => ({ gives: judgement, ...rest });

describe('evaluateTree: answers', () => {
  const answers = ['yes', 'no', 'unknown', 'not-applicable'];
  const table: [group: 'all' | 'any' | 'none', members: string, expected: string][] = [
    ['all', 'yes yes', 'yes'],
    ['all', 'yes unknown', 'unknown'],
    ['all', 'unknown no', 'no'],
    ['all', 'yes not-applicable', 'yes'],
    ['any', 'no yes unknown', 'yes'],
    ['any', 'no unknown', 'unknown'],
    ['any', 'no no', 'no'],
    ['any', 'not-applicable no', 'no'],
    ['none', 'no no', 'yes'],
    ['none', 'no unknown', 'unknown'],
    ['none', 'unknown yes', 'no'],
    ['none', 'not-applicable', 'not-applicable'],
    ['all', 'not-applicable not-applicable', 'not-applicable'],
  ];
  it.each(table)('%s of %s is %s', (group, members, expected) => {
    expect(judge({ [group]: members.split(' ').map((a) => is(a)) }).answer).toBe(expected);
  });

  it('leaves out what its condition excludes, and a group with nothing left', () => {
    expect(judge({ all: [is('yes'), is('no', { if: 'false' })] }).answer).toBe('yes');
    expect(judge({ any: [{ all: [is('yes', { if: 'false' })] }, is('no')] }).answer).toBe('no');
    expect(judge({ if: 'false', is: 'yes' }).answer).toBe('not-applicable');
    expect(judge({ if: 'true', is: 'yes' }).answer).toBe('yes');
  });

  const leafArbitrary = fc.constantFrom(...answers).map((a) => is(a));
  const tree: fc.Arbitrary<ProbeNode> = fc.letrec<{ node: ProbeNode }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leafArbitrary,
      fc.record({ all: fc.array(tie('node'), { minLength: 1, maxLength: 4 }) }),
      fc.record({ any: fc.array(tie('node'), { minLength: 1, maxLength: 4 }) }),
      fc.record({ none: fc.array(tie('node'), { minLength: 1, maxLength: 4 }) }),
    ),
  })).node;
  const trees = fc.array(tree, { minLength: 1, maxLength: 5 });
  const negated: Record<string, string> = { yes: 'no', no: 'yes', unknown: 'unknown', 'not-applicable': 'not-applicable' };

  it('none is the negation of any (de Morgan), and all of negations is none', () => {
    fc.assert(
      fc.property(trees, (members) => {
        const any = judge({ any: members }).answer;
        expect(judge({ none: members }).answer).toBe(negated[any]);
        expect(judge({ all: members.map((m) => ({ none: [m] })) }).answer).toBe(negated[any]);
        expect(judge({ none: [{ none: members }] }).answer).toBe(any);
      }),
    );
  });

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(
        trees.chain((m) => fc.tuple(fc.constant(m), fc.shuffledSubarray(m, { minLength: m.length, maxLength: m.length }))),
        ([members, shuffled]) => {
          for (const group of ['all', 'any', 'none']) {
            const [a, b] = [judge({ [group]: members }), judge({ [group]: shuffled })];
            expect(b.answer).toBe(a.answer);
            expect([b.held, b.total, b.rung]).toEqual([a.held, a.total, a.rung]);
          }
        },
      ),
    );
  });

  it('gives evidence for every decided answer, all of it for that answer', () => {
    fc.assert(
      fc.property(tree, (node) => {
        const { answer, evidence } = judge(node);
        expect([...new Set(evidence.map((e) => e.answer))]).toEqual(answer === 'not-applicable' ? [] : [answer]);
      }),
    );
  });
});

describe('evaluateTree: evidence', () => {
  it('turns what is found under none into violations at their places', () => {
    const { answer, evidence } = judge({
      none: [gives({ answer: 'yes', evidence: [at(3), at(7)] }, { message: 'line {{line}} is wrong' })],
    });
    expect(answer).toBe('no');
    expect(evidence).toMatchObject([
      { answer: 'no', violation: true, location: { line: 3 }, message: 'line 3 is wrong' },
      { answer: 'no', violation: true, location: { line: 7 }, message: 'line 7 is wrong' },
    ]);
  });

  it('gives the message of none to members without one, and leaves specific ones alone', () => {
    const yes = { answer: 'yes' as const, evidence: [at(1)] };
    const { evidence } = judge({ message: 'of the group', none: [gives(yes), gives(yes, { message: 'its own' })] });
    expect(evidence.map((e) => e.message)).toEqual(['of the group', 'its own']);
  });

  it('does not put a message that names the fault on evidence in favour', () => {
    const missing: Judgement = { answer: 'no', evidence: [{ probe: 'text', answer: 'no', violation: false, message: 'no match' }] };
    expect(judge({ none: [gives(missing, { message: 'debug is on' })] }).evidence).toMatchObject([{ answer: 'yes', message: 'no match' }]);
    expect(judge(gives({ answer: 'yes', evidence: [at(2)] }, { message: 'not set' })).evidence[0]?.message).toBe('seen at 2');
    expect(judge(gives(missing, { message: 'not set' })).evidence[0]?.message).toBe('not set');
  });

  it('merges what a failing any looked for, and keeps violations apart', () => {
    const bad: Judgement = { answer: 'no', evidence: [at(9, { answer: 'no', violation: true, message: 'wrong' })] };
    const { evidence } = judge({ any: [is('no'), gives({ answer: 'no', evidence: [] }), gives(bad)] });
    expect(evidence).toMatchObject([
      { violation: true, message: 'wrong' },
      { violation: false, message: 'leaf says no; gives: not found', probe: 'is, gives' },
    ]);
    expect(judge({ any: [is('no'), is('no')], message: 'nothing limits requests' }).evidence.map((e) => e.message)).toEqual([
      'nothing limits requests',
    ]);
  });

  it('puts violations before what is missing', () => {
    const bad: Judgement = { answer: 'no', evidence: [at(9, { answer: 'no', violation: true })] };
    expect(judge({ all: [is('no'), gives(bad)] }).evidence.map((e) => e.violation)).toEqual([true, false]);
  });
});

describe('evaluateTree: shares and rungs', () => {
  const counted = (answer: Answer, held: number, total: number): ProbeNode =>
    gives({ answer, held, total, evidence: [{ probe: 'document', answer, violation: answer === 'no', message: 'm' }] });

  it('sums over all, passes through any, and drops a share that an uncounted failure decided', () => {
    expect(judge(counted('no', 3, 5))).toMatchObject({ held: 3, total: 5 });
    expect(judge({ all: [counted('no', 3, 5), counted('yes', 2, 2)] })).toMatchObject({ held: 5, total: 7 });
    expect(judge({ any: [counted('no', 3, 5), is('no')] })).toMatchObject({ held: 3, total: 5 });
    expect(judge({ any: [counted('no', 3, 5), counted('no', 1, 2)] }).total).toBeUndefined();
    expect(judge({ all: [is('no'), counted('yes', 5, 5)] }).total).toBeUndefined();
    expect(judge({ all: [{ none: [is('yes')] }, counted('yes', 5, 5)] }).total).toBeUndefined();
  });

  it('takes the weakest rung of all and the strongest alternative of any', () => {
    const rung = (r: 'present' | 'enforced') => is('yes', { rung: r });
    expect(judge({ all: [rung('enforced'), rung('present')] }).rung).toBe('present');
    expect(judge({ any: [rung('enforced'), rung('present')] }).rung).toBe('enforced');
    expect(judge({ any: [rung('enforced'), is('no', { rung: 'present' })] }).rung).toBe('enforced');
    expect(judge(is('no', { rung: 'enforced' })).rung).toBeNull();
  });
});
