import type { Variant } from '../../model/file.js';
import type { Source } from '../../model/source.js';
import { enclosing } from './syntax-text.js';

const production = /production|\bIsProduction\(\)|\.prod\b|['"]prod['"]/i;
const development =
  /development|\bIsDevelopment\(\)|\bDEBUG\b|\.debug\b|['"](?:dev(?:elop)?|local)['"]|\bisDev\b|\b__DEV__\b|\blocal\?|GIN_MODE|DebugMode/i;
const negated = /!==?|!\s*\w|\bnot\b|\bunless\b|^else\b|\belse\s*$/;

/**
 * The variant that code at an offset belongs to: the file's, unless it stands in an `if` that asks for development or debugging, or in
 * a class of settings that is named so (convention production-variant). An else branch of such an if is not followed.
 */
export function variantAt(source: Source, offset: number): Variant {
  for (const header of enclosing(source.code, offset, source.file.language === 'python')) {
    const named =
      /^class\s+(?:(Test(?:ing|s)?)|(Prod(?:uction)?)|(?:Dev(?:elopment)?|Local|Debug))(?:App)?(?:Config(?:uration)?|Settings)\b/.exec(
        header,
      );
    if (named) return named[1] ? 'test' : named[2] ? 'production' : 'development';
    if (!/^(?:\}?\s*(?:else\s+)?if\b|elif\b|unless\b)/.test(header)) continue;
    const not = negated.test(header);
    if (production.test(header)) return not ? 'development' : 'production';
    if (development.test(header)) return not ? 'production' : 'development';
  }
  return source.file.variant;
}
