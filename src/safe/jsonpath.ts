import { FunctionExpressionType, JSONPathEnvironment } from 'json-p3';
import type { FilterFunction } from 'json-p3';
import { limits } from './limits.js';
import { compileRegex } from './regex.js';

/** The path is not RFC 9535. `offset` counts UTF-16 units from 0. */
export class JsonPathError extends Error {
  constructor(
    message: string,
    readonly path: string,
    readonly offset: number,
  ) {
    super(message);
    this.name = 'JsonPathError';
  }
}

export interface Selected {
  readonly value: unknown;
  /** Keys and indexes from the root. */
  readonly location: readonly (string | number)[];
}

export interface JsonPath {
  readonly path: string;
  /**
   * Everything the path selects, in document order, at most `limits.itemsPerKind`. Selections that would visit more than a few million
   * members or nest too deep throw JsonPathError.
   */
  select(root: unknown): readonly Selected[];
}

const VISITS = 3_000_000;

class Guarded extends JSONPathEnvironment {
  visits = 0;

  constructor() {
    super({ maxRecursionDepth: limits.documentDepth + 2 });
  }

  override entries(value: { [key: string]: never }): [string, never][] {
    const entries = Object.entries(value);
    if ((this.visits += entries.length + 1) > VISITS) throw new Error('the selection visits too many members');
    return entries;
  }

  protected override setupFilterFunctions(): void {
    super.setupFilterFunctions();
    this.functionRegister.set(
      'match',
      regexFunction((pattern) => `^(?:${pattern})$`),
    );
    this.functionRegister.set(
      'search',
      regexFunction((pattern) => pattern),
    );
  }
}

/** RFC 9535 `match` and `search` over expressions that are matched in linear time; an unsafe or wrong pattern matches nothing. */
function regexFunction(wrap: (pattern: string) => string): FilterFunction {
  return {
    argTypes: [FunctionExpressionType.ValueType, FunctionExpressionType.ValueType],
    returnType: FunctionExpressionType.LogicalType,
    call(text: unknown, pattern: unknown): boolean {
      if (typeof text !== 'string' || typeof pattern !== 'string') return false;
      try {
        return compileRegex(wrap(pattern)).test(text.slice(0, limits.lineChars));
      } catch {
        return false;
      }
    },
  };
}

let environment: Guarded | undefined;
const paths = new Map<string, JsonPath>();

/** Compiles a JSONPath (RFC 9535); the same text gives the same object. Throws JsonPathError. */
export function compileJsonPath(path: string): JsonPath {
  const known = paths.get(path);
  if (known) return known;
  const env = (environment ??= new Guarded());
  const query = guard(path, () => env.compile(path));
  const compiled: JsonPath = {
    path,
    select(root) {
      if (root === undefined) return [];
      env.visits = 0;
      return guard(path, () => {
        const selected: Selected[] = [];
        for (const node of query.lazyQuery(root as never)) {
          if (selected.length >= limits.itemsPerKind) break;
          selected.push({ value: node.value, location: node.location });
        }
        return selected;
      });
    },
  };
  if (paths.size > 5_000) paths.clear();
  paths.set(path, compiled);
  return compiled;
}

function guard<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    const token = (error as { token?: { index?: number } }).token;
    const message = error instanceof Error ? error.message : String(error);
    throw new JsonPathError(message.replace(/\s*\('?.{0,40}'?:\d+\)$/, ''), path, token?.index ?? 0);
  }
}
