import type { SyntaxNode } from '../model/source.js';
import type { CodeQuery } from './plan.js';

/** A node that a rule matched: its offset in the text and its metavariables. */
export interface CodeFound {
  readonly offset: number;
  readonly captures: Readonly<Record<string, string>>;
}

const captureChars = 500;

/**
 * Runs the rules of several code queries over one tree. All plain rules go first as one `any`: only when something matches is
 * each run by itself. `found` is parallel to the queries; `faults` names rules that ast-grep refuses.
 */
export function matchCode(tree: SyntaxNode, queries: readonly CodeQuery[]): { found: CodeFound[][]; faults: string[] } {
  const faults: string[] = [];
  const found: CodeFound[][] = queries.map(() => []);
  const merged = queries.length > 1 && queries.every((query) => !isConfig(query.rule));
  if (merged) {
    try {
      if (tree.find({ rule: { any: queries.map((query) => query.rule) } }) === null) return { found, faults };
    } catch {
      // one of them is refused: the single runs below say which
    }
  }
  queries.forEach((query, i) => {
    try {
      const names = metavariables(query.rule);
      found[i] = tree
        .findAll(isConfig(query.rule) ? query.rule : { rule: query.rule })
        .map((node) => ({ offset: node.range().start.index, captures: capturesOf(node, names) }));
    } catch (error) {
      faults.push(
        `the rule ${JSON.stringify(query.rule)} is refused: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
      );
    }
  });
  return { found, faults };
}

/** A rule with `constraints` or `utils` beside it, which cannot be merged. */
const isConfig = (rule: object): boolean => 'rule' in rule;

/** Names of `$A` and `$$$A` in a rule. */
function metavariables(rule: object): { name: string; many: boolean }[] {
  const names = new Map<string, boolean>();
  for (const [, dollars, name] of JSON.stringify(rule).matchAll(/(\$\$\$|\$)([A-Z][A-Z0-9_]*)/g)) names.set(name!, dollars === '$$$');
  return [...names].map(([name, many]) => ({ name, many }));
}

function capturesOf(node: SyntaxNode, names: readonly { name: string; many: boolean }[]): Record<string, string> {
  const captures: Record<string, string> = {};
  for (const { name, many } of names) {
    const nodes = many ? node.getMultipleMatches(name) : [node.getMatch(name)];
    const text = nodes.map((one) => one?.text() ?? '').join('');
    if (text !== '') captures[name] = text.slice(0, captureChars);
  }
  return captures;
}
