import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { SyntaxNode } from '../model/source.js';

/** Grammars within @ast-grep/napi, by our names of languages. */
const builtIn: Record<string, string> = { javascript: 'JavaScript', typescript: 'TypeScript', tsx: 'Tsx', html: 'Html', css: 'Css' };
/** Grammars that come as packages @ast-grep/lang-<name>. */
const packaged = ['python', 'go', 'java', 'kotlin', 'ruby', 'php', 'csharp', 'rust'] as const;

interface Registration {
  readonly libraryPath: string;
  readonly extensions: string[];
  readonly languageSymbol?: string;
  readonly expandoChar?: string;
}
interface Parser {
  parse(language: string, text: string): { root(): SyntaxNode };
  registerDynamicLanguage(languages: Record<string, Registration>): void;
}

const load = createRequire(import.meta.url);
let parser: Parser | null | undefined;
let registered: Set<string> | null = null;

/** Loaded at the first parse only: a repository without candidates never pays for it. null where this platform has no build. */
function theParser(): Parser | null {
  if (parser === undefined) {
    try {
      parser = load('@ast-grep/napi') as Parser;
    } catch {
      parser = null;
    }
  }
  return parser;
}

/**
 * The parser takes registrations once in a process and ignores later ones, so all packaged grammars are registered together
 * (about 10 ms). It aborts the process on a missing library: each file is checked first.
 */
function packagedGrammars(): Set<string> {
  if (registered) return registered;
  const found: Record<string, Registration> = {};
  for (const name of packaged) {
    try {
      const { libraryPath, extensions, languageSymbol, expandoChar } = load(`@ast-grep/lang-${name}`) as Registration;
      if (existsSync(libraryPath)) found[name] = { libraryPath, extensions, languageSymbol, expandoChar };
    } catch {
      continue; // no prebuilt grammar for this platform: syntax() is null and grammarMissing() says so
    }
  }
  if (Object.keys(found).length > 0) theParser()?.registerDynamicLanguage(found);
  registered = new Set(Object.keys(found));
  return registered;
}

/** Can source in this language be parsed at all, on any platform? */
export function hasGrammar(language: string): boolean {
  return language in builtIn || (packaged as readonly string[]).includes(language);
}

/** A language that has a grammar, which could not be loaded here. */
export function grammarMissing(language: string): boolean {
  if (!hasGrammar(language)) return false;
  return theParser() === null || (!(language in builtIn) && !packagedGrammars().has(language));
}

/** The root of the syntax tree of a text; null where the language has no grammar or it is not available on this platform. */
export function parse(language: string, text: string): SyntaxNode | null {
  if (!hasGrammar(language) || grammarMissing(language)) return null;
  try {
    return theParser()!
      .parse(builtIn[language] ?? language, text)
      .root();
  } catch {
    return null;
  }
}
