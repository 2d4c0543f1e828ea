import { closing } from '../syntax-text.js';
import { indentedBody } from './shared.js';

export interface PythonFunction {
  readonly name: string;
  readonly parameters: string;
  readonly returns: string;
  readonly body: string;
  /** Decorator lines directly above, without @. */
  readonly decorators: readonly string[];
}

/** The function that a decorator at `offset` decorates, with all of its decorators; null where none follows. */
export function decorated(code: string, offset: number): PythonFunction | null {
  const rest = code.slice(offset, offset + 6_000);
  const match = /^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)[ \t]*\(/m.exec(rest);
  if (!match || /^[ \t]*class\s/m.test(rest.slice(0, match.index))) return null;
  const open = offset + match.index + match[0].length - 1;
  const close = closing(code, open);
  if (close < 0) return null;
  const header = /^\s*(?:->\s*([^\n]+?))?\s*:/.exec(code.slice(close + 1, close + 400));
  const indent = match[0].length - match[0].trimStart().length;
  return {
    name: match[1]!,
    parameters: code.slice(open + 1, close),
    returns: header?.[1]?.trim() ?? '',
    body: indentedBody(code, close, indent),
    decorators: decoratorsAbove(code, offset + match.index),
  };
}

/** Decorators directly above the definition that starts at `offset`, nearest last. */
export function decoratorsAbove(code: string, offset: number): string[] {
  const found: string[] = [];
  const above = code.slice(Math.max(0, offset - 3_000), offset);
  let depth = 0;
  let text = '';
  for (const line of above.split('\n').reverse()) {
    if (!line.trim() && text === '') continue;
    text = text ? `${line.trim()} ${text}` : line.trim();
    depth += (line.match(/[)\]}]/g)?.length ?? 0) - (line.match(/[([{]/g)?.length ?? 0);
    if (depth > 0) continue;
    if (!text.startsWith('@')) break;
    found.unshift(text.slice(1));
    text = '';
    depth = 0;
  }
  return found;
}
