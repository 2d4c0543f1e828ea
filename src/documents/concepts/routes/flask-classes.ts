import { decoratorsAbove } from './python.js';
import { indentedBody, isGuard } from './shared.js';

/** One handler of a class of views. */
export interface ClassView {
  readonly method: string;
  readonly name: string;
  /** Of the class, then of the handler, without @. */
  readonly decorators: readonly string[];
  readonly body: string;
}

const listed = /^[ \t]+(?:method_)?decorators\s*=\s*[[(]([^\])]{0,300})[\])]/m;

/**
 * The handlers of the class that a decorator at `offset` decorates: MethodView of Flask and flask-smorest, Resource of Flask-RESTX.
 * Empty where a function follows, or no class.
 */
export function classViews(code: string, offset: number): ClassView[] {
  const rest = code.slice(offset, offset + 3_000);
  const first = /^[ \t]*(?:class[ \t]+(\w+)|(?:async[ \t]+)?def[ \t])/m.exec(rest);
  if (!first?.[1]) return [];
  const start = offset + first.index;
  const end = code.indexOf('\n', start);
  if (end < 0) return [];
  const indent = first[0].length - first[0].trimStart().length;
  const body = indentedBody(code, end, indent);
  const shared = [...decoratorsAbove(code, start), ...(listed.exec(body)?.[1] ?? '').split(',').map((d) => d.trim()).filter(isGuard)]; // prettier-ignore
  return [...body.matchAll(/^([ \t]+)(?:async[ \t]+)?def[ \t]+(get|post|put|patch|delete)\b/gm)].map((match) => ({
    method: match[2]!,
    name: `${first[1]}.${match[2]}`,
    decorators: [...shared, ...decoratorsAbove(body, match.index)],
    body: indentedBody(body, body.indexOf('\n', match.index), match[1]!.length),
  }));
}
