import type { Source } from '../../model/source.js';
import { closing } from './syntax-text.js';

/** A resource or a call of a module in a Bicep file. */
export interface BicepDeclaration {
  readonly module: boolean;
  /** The symbol by which the file speaks of it. */
  readonly name: string;
  /** Without its version: `Microsoft.App/containerApps`, `br/public:avm/res/sql/server`, `./db.bicep`. */
  readonly type: string;
  readonly line: number;
  /** What stands between its braces. */
  readonly body: string;
}

const declared =
  /^[ \t]*(resource|module)[ \t]+(\w+)[ \t]+'([^'\n]{1,200})'[ \t]*(existing\b)?[ \t]*=[ \t]*(?:if[ \t]*\(([^\n]{1,200})\)[ \t]*)?(?:\[for\b[^\n]{1,200}:[ \t]*)?\{/gm;
const perFile = 500;

/** Everything that a file declares, without what exists already and what is left out unless a parameter asks for it. */
export function bicepDeclarations(source: Source): BicepDeclaration[] {
  const { code } = source;
  const found: BicepDeclaration[] = [];
  for (const match of code.matchAll(declared)) {
    if (found.length >= perFile) break;
    const [whole, keyword, name, type, existing, condition] = match;
    if (existing !== undefined || (condition !== undefined && offByDefault(code, condition.trim()))) continue;
    const open = match.index + whole.length - 1;
    const end = closing(code, open, 60_000);
    if (end < 0) continue;
    found.push({
      module: keyword === 'module',
      name: name!,
      type: type!.replace(keyword === 'module' ? /:[\w.-]+$/ : /@.*$/, ''),
      line: source.at(match.index + whole.indexOf(keyword!)).line,
      body: code.slice(open + 1, end),
    });
  }
  return found;
}

/** A parameter of its own whose default is false. */
const offByDefault = (code: string, condition: string): boolean =>
  /^\w+$/.test(condition) && new RegExp(`^param ${condition} bool\\s*=\\s*false\\b`, 'm').test(code);

/** The literal that a property has somewhere in a declaration; null where it is not there or no literal. */
export const bicepValue = (body: string, property: string): string | null =>
  new RegExp(`(?:^|[\\s{])${property}:\\s*(?:'([^'\\n$]*)'|(true|false|\\d+)\\b)`).exec(body)?.slice(1).find(Boolean) ?? null;
