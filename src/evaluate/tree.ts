import type { ProbeNode } from '../model/check.js';
import type { Evidence, Judgement, Rung } from '../model/evidence.js';

/** What a tree needs from its surroundings; both are supplied by `evaluateCheck`, or by the deriver of traits. */
export interface TreeContext {
  judge(probe: string, params: unknown): Judgement;
  /** Fills the placeholders of a node's message in for one piece of evidence; without it, messages are taken as written. */
  render?(message: string, evidence: Evidence): string;
  /** CEL over the inventory; false leaves a node out. */
  holds(expression: string): boolean;
}

/** A judgement of a whole tree, with the rung that its yes reaches (null where no evidence names one). */
export interface TreeJudgement extends Judgement {
  readonly rung: Rung | null;
}

const rungOrder: readonly Rung[] = ['present', 'configured', 'enforced', 'observed'];
const reserved = new Set(['if', 'message', 'rung', 'all', 'any', 'none']);
const leftOut: TreeJudgement = { answer: 'not-applicable', evidence: [], rung: null };

/** The probe that a leaf names: its one key that is not a word of the tree; '' where there is none. */
export function probeOf(node: ProbeNode): string {
  return Object.keys(node).find((key) => !reserved.has(key)) ?? '';
}

/**
 * Three-valued evaluation of a probe tree (design, section 5). `all`: no if one is no, else unknown if one is unknown,
 * else yes. `any`: yes if one is yes, else unknown if one is unknown, else no. `none`: the negation of `any`.
 * A node whose `if` is false, or whose leaf is not applicable, is left out; a group with nothing left is left out itself.
 *
 * The evidence is what decided: a no carries only the evidence for no (violations first), a yes only that for yes.
 * A node's message replaces that of evidence against the check; `inverted` says that a yes of this node is against it.
 */
export function evaluateTree(node: ProbeNode, context: TreeContext, inverted = false): TreeJudgement {
  if (node.if !== undefined && !context.holds(node.if)) return leftOut;
  const judged = node.all
    ? all(judgeMembers(node.all, context, inverted))
    : node.any
      ? any(judgeMembers(node.any, context, inverted))
      : node.none
        ? none(node.none)
        : leaf(node, context, inverted);
  return node.rung ? withRung(judged, node.rung) : judged;

  function all(members: readonly TreeJudgement[]): TreeJudgement {
    if (members.length === 0) return leftOut;
    const failing = members.filter((m) => m.answer === 'no');
    if (failing.length > 0) return { answer: 'no', evidence: withMessage(against(failing)), ...sharesOf(members), rung: null };
    const open = members.filter((m) => m.answer === 'unknown');
    if (open.length > 0) return { answer: 'unknown', evidence: evidenceOf(open, 'unknown'), rung: null };
    return { answer: 'yes', evidence: evidenceOf(members, 'yes'), ...sum(members), rung: lowest(members.map((m) => m.rung)) };
  }

  function any(members: readonly TreeJudgement[]): TreeJudgement {
    if (members.length === 0) return leftOut;
    const holding = members.filter((m) => m.answer === 'yes');
    if (holding.length > 0) {
      return { answer: 'yes', evidence: evidenceOf(holding, 'yes'), ...onlyShare(holding), rung: highest(holding.map((m) => m.rung)) };
    }
    const open = members.filter((m) => m.answer === 'unknown');
    if (open.length > 0) return { answer: 'unknown', evidence: evidenceOf(open, 'unknown'), rung: null };
    return { answer: 'no', evidence: withMessage(mergeMissing(against(speaking(members)))), ...onlyShare(members), rung: null };
  }

  /** A member that answers yes is a violation; its places are where it was seen. */
  function none(nodes: readonly ProbeNode[]): TreeJudgement {
    const members = nodes
      .map((member) => ({ member, judgement: evaluateTree(member, context, !inverted) }))
      .filter(({ judgement }) => judgement.answer !== 'not-applicable');
    if (members.length === 0) return leftOut;
    const seen = members.filter(({ judgement }) => judgement.answer === 'yes');
    if (seen.length > 0) {
      const evidence = seen.flatMap(({ member, judgement }) => {
        const violations = asViolations({ ...judgement, evidence: told(member) ?? judgement.evidence }, probeOf(member));
        if (inverted) return violations;
        return (
          reworded(violations, probeOf(member) ? undefined : member.message) ??
          reworded(violations, speaksForItself(member) ? undefined : node.message) ??
          violations
        );
      });
      return { answer: 'no', evidence, rung: null };
    }
    const open = members.map((m) => m.judgement).filter((m) => m.answer === 'unknown');
    if (open.length > 0) return { answer: 'unknown', evidence: evidenceOf(open, 'unknown'), rung: null };
    // What kept a fault from being one is no news where none was found.
    const unseen = evidenceOf(
      members.map((m) => m.judgement),
      'no',
    );
    const plain = unseen.filter((e) => !e.violation);
    const clear: Evidence[] =
      plain.length === 0 && unseen[0]
        ? [withoutPlace({ ...unseen[0], answer: 'yes', violation: false, message: 'nothing of it was seen' })]
        : plain.map((e) => ({ ...e, answer: 'yes', violation: false }));
    return { answer: 'yes', evidence: clear, rung: lowest(clear.map((e) => e.rung ?? null)) };
  }

  /** Of a conjunction that must not hold, the members with words of their own are what was seen; the others are its conditions. */
  function told(member: ProbeNode): Evidence[] | undefined {
    const speaking = member.all?.filter(speaksForItself) ?? [];
    if (speaking.length === 0 || speaking.length === member.all?.length) return undefined;
    const evidence = speaking.flatMap((one) => evaluateTree(one, context, !inverted).evidence.filter((e) => e.answer === 'yes'));
    return evidence.length > 0 ? evidence : undefined;
  }

  function reworded(evidence: readonly Evidence[], message: string | undefined): Evidence[] | undefined {
    return message === undefined ? undefined : evidence.map((e) => ({ ...e, message: context.render?.(message, e) ?? message }));
  }

  /** A group's message stands for everything that was not found; violations keep their own words. */
  function withMessage(evidence: Evidence[]): Evidence[] {
    const first = evidence.find((e) => !e.violation);
    if (inverted || node.message === undefined || !first) return evidence;
    return [...evidence.filter((e) => e.violation), ...(reworded([first], node.message) ?? [])];
  }
}

function judgeMembers(nodes: readonly ProbeNode[], context: TreeContext, inverted: boolean): TreeJudgement[] {
  return nodes.map((node) => evaluateTree(node, context, inverted)).filter((m) => m.answer !== 'not-applicable');
}

function leaf(node: ProbeNode, context: TreeContext, inverted: boolean): TreeJudgement {
  const probe = probeOf(node);
  const { answer, evidence: given, held, total } = context.judge(probe, node[probe]);
  if (answer === 'not-applicable') return leftOut;
  const own = given.filter((e) => e.answer === answer);
  const found = own.length > 0 ? own : [{ probe, answer, violation: false, message: defaultMessage(probe, answer) }];
  const { message } = node;
  const isAgainst = answer === (inverted ? 'yes' : 'no');
  const evidence =
    message !== undefined && isAgainst ? found.map((e) => ({ ...e, message: context.render?.(message, e) ?? message })) : found;
  const share = held !== undefined && total !== undefined ? { held, total } : {};
  return { answer, evidence: violationsFirst(evidence), ...share, rung: lowest(evidence.map((e) => e.rung ?? null)) };
}

function defaultMessage(probe: string, answer: Evidence['answer']): string {
  if (answer === 'yes') return `${probe}: found`;
  return answer === 'no' ? `${probe}: not found` : `${probe}: could not be decided`;
}

/** The endpoint that was asked stays. */
const withoutPlace = ({ location: _location, excerpt: _excerpt, ...rest }: Evidence): Evidence => rest;

function evidenceOf(members: readonly TreeJudgement[], answer: Evidence['answer']): Evidence[] {
  return members.flatMap((m) => m.evidence.filter((e) => e.answer === answer));
}

function against(members: readonly TreeJudgement[]): Evidence[] {
  return violationsFirst(evidenceOf(members, 'no'));
}

function violationsFirst(evidence: readonly Evidence[]): Evidence[] {
  return [...evidence.filter((e) => e.violation), ...evidence.filter((e) => !e.violation)];
}

function asViolations(judgement: TreeJudgement, probe: string): Evidence[] {
  const evidence = judgement.evidence.filter((e) => e.answer === 'yes');
  const seen = evidence.length > 0 ? evidence : [{ probe, message: 'something was found that must not be there' }];
  return seen.map(({ ...e }) => ({ ...e, answer: 'no', violation: true, rung: undefined }));
}

/**
 * Where one alternative counts what it judged ("2 of 9 do not hold"), its violations are those that are told: what kept another
 * alternative from being taken is none.
 */
function speaking(members: readonly TreeJudgement[]): readonly TreeJudgement[] {
  const counting = members.filter((m) => m.total !== undefined && m.evidence.some((e) => e.violation));
  if (counting.length !== 1) return members;
  return members.map((m) => (m === counting[0] ? m : { ...m, evidence: m.evidence.filter((e) => !e.violation) }));
}

/** One list of what was looked for instead of one entry for each alternative; what has a place of its own stays apart. */
function mergeMissing(evidence: readonly Evidence[]): Evidence[] {
  const apart = evidence.filter((e) => e.violation || e.location);
  const missing = evidence.filter((e) => !e.violation && !e.location);
  if (missing.length < 2) return [...evidence];
  const unique = (values: readonly string[]): string[] => [...new Set(values)];
  return [
    ...apart,
    {
      probe: unique(missing.map((e) => e.probe)).join(', '),
      answer: 'no',
      violation: false,
      message: unique(missing.map((e) => e.message)).join('; '),
    },
  ];
}

/** A member with a message in the node or in its parameters is more specific than its group. */
function speaksForItself(node: ProbeNode): boolean {
  if (node.message !== undefined) return true;
  const params = node[probeOf(node)];
  if (params && typeof params === 'object' && 'message' in params) return true;
  return [...(node.all ?? []), ...(node.any ?? []), ...(node.none ?? [])].some(speaksForItself);
}

type Share = Pick<Judgement, 'held' | 'total'>;

function sum(members: readonly Judgement[]): Share {
  const counted = members.filter((m) => m.total !== undefined);
  if (counted.length === 0) return {};
  return { held: counted.reduce((n, m) => n + (m.held ?? 0), 0), total: counted.reduce((n, m) => n + (m.total ?? 0), 0) };
}

/** A failing `all` earns a share only when everything that failed in it is counted; one uncounted failure takes it all. */
function sharesOf(members: readonly Judgement[]): Share {
  return members.some((m) => m.answer === 'no' && m.total === undefined) ? {} : sum(members);
}

function onlyShare(members: readonly Judgement[]): Share {
  return members.filter((m) => m.total !== undefined).length === 1 ? sum(members) : {};
}

function withRung(judgement: TreeJudgement, rung: Rung): TreeJudgement {
  if (judgement.answer !== 'yes') return judgement;
  return { ...judgement, rung, evidence: judgement.evidence.map((e) => ({ ...e, rung })) };
}

function lowest(rungs: readonly (Rung | null)[]): Rung | null {
  const known = rungs.filter((r) => r !== null);
  return known.length === 0 ? null : (rungOrder.find((r) => known.includes(r)) ?? null);
}

function highest(rungs: readonly (Rung | null)[]): Rung | null {
  return [...rungOrder].reverse().find((r) => rungs.includes(r)) ?? null;
}
