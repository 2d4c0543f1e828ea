import type { Reader } from '../../../model/document.js';
import { argument, findCalls } from '../syntax-text.js';
import { addHelpers, after, alternative, Reads, refused, textOf, upperName } from './shared.js';
import { addArguments, addViper } from './derived.js';

/** `if port == "" { port = "8080" }` right behind a read, `len(port) == 0` too: what the variable holds where nothing is set. */
function filledIn(rest: string, variable: string): string | null {
  const name = variable.replace(/\./g, '\\.');
  const match = new RegExp(`\\bif (?:${name} == ""|len\\(${name}\\) == 0) \\{\\s*${name} = ("[^"\\n]*")`).exec(rest);
  return textOf(match?.[1]);
}

/** Go: os.Getenv and LookupEnv, struct tags of envconfig, caarlos0/env, and cleanenv, viper.BindEnv, flags with EnvVars. */
export const go: Reader = {
  name: 'env-variables/go',
  kind: 'env-variables',
  files: { languages: ['go'], roles: ['product'] },
  keywords: ['Getenv', 'LookupEnv', 'env:"', 'envconfig:"', 'BindEnv', 'AutomaticEnv', 'EnvVar', 'getEnv', 'mustMapEnv', 'Env('],
  read(source) {
    const { code } = source;
    const reads = new Reads(source);
    const guarded = refused(code);
    for (const match of code.matchAll(/\b(?:os|syscall)\.(?:Getenv|LookupEnv)\(\s*(["`])(\w+)\1\s*\)/g)) {
      const variable = /([\w.]{1,60})(?:\s*,\s*\w+)?\s*:?=\s*$/.exec(code.slice(Math.max(0, match.index - 80), match.index))?.[1] ?? '';
      const fallback = variable === '' ? null : filledIn(after(code, match.index), variable);
      reads.add(match[2], match.index, fallback, guarded.has(variable.split('.').at(-1)!));
    }
    for (const match of code.matchAll(/`([^`\n]*\b(?:env|envconfig):"[^`\n]*)`/g)) {
      const tags = new Map([...match[1]!.matchAll(/([\w-]+):"([^"]*)"/g)].map((tag) => [tag[1]!, tag[2]!]));
      const [name, ...flags] = (tags.get('env') ?? tags.get('envconfig') ?? '').split(',').map((part) => part.trim());
      const inline = flags.find((flag) => flag.startsWith('default='))?.slice(8);
      const fallback =
        tags.get('envDefault') ??
        tags.get('env-default') ??
        (tags.has('envconfig') || tags.has('env') ? tags.get('default') : undefined) ??
        inline;
      const required =
        flags.some((flag) => /^(?:required|notEmpty)$/.test(flag)) ||
        tags.get('required') === 'true' ||
        tags.get('env-required') === 'true';
      if (name && /^[A-Z]\w*$/.test(name)) reads.add(name.toUpperCase(), match.index, fallback ?? null, required);
    }
    for (const match of code.matchAll(/\bviper\.BindEnv\(\s*"[^"\n]*"\s*,\s*"(\w+)"/g)) reads.add(match[1], match.index);
    addViper(code, reads);
    for (const match of code.matchAll(/\bEnvVars?\s*[:(]\s*(?:\[\]string\s*\{)?\s*"(\w+)"/g)) reads.add(match[1], match.index);
    for (const match of code.matchAll(/\.Envar\(\s*"(\w+)"/g)) reads.add(match[1], match.index);
    for (const match of code.matchAll(/\bmust\w*\([^()\n"]*"([A-Z][A-Z0-9_]+)"\s*\)/g)) reads.add(match[1], match.index, null, true);
    addHelpers(code, reads);
    return reads.result();
  },
};

/** Java and Kotlin: System.getenv, dotenv.get, @Value("${NAME:default}") with names in upper case. */
export const jvm: Reader = {
  name: 'env-variables/jvm',
  kind: 'env-variables',
  files: { languages: ['java', 'kotlin', 'scala'], roles: ['product'] },
  keywords: ['getenv', '@Value', 'dotenv', 'sys.env', '@ConfigProperty'],
  read(source) {
    const { code } = source;
    const reads = new Reads(source);
    for (const call of findCalls(
      code,
      /\b(?:System\.getenv|System\.getenv\(\)\.(?:get|getOrDefault)|dotenv\.get|sys\.env\.getOrElse|sys\.env)(?=\s*\()/g,
    )) {
      const name = textOf(call.arguments[0]?.text);
      if (name) reads.add(name, call.offset, textOf(call.arguments[1]?.text) ?? alternative(after(code, call.end)));
    }
    for (const match of code.matchAll(/System\.getenv\(\)\s*(?:\.(?:get|getOrDefault)\(\s*|\[\s*)"(\w+)"(?:\s*,\s*("[^"\n]*"))?/g))
      reads.add(match[1], match.index, textOf(match[2]));
    for (const match of code.matchAll(/@Value\(\s*(?:value\s*=\s*)?"\\?\$\{([A-Z][A-Z0-9_]*)(?::([^}"]*))?\}/g))
      reads.add(match[1], match.index, match[2] ?? null, match[2] === undefined);
    addHelpers(code, reads);
    return reads.result();
  },
};

/** C#: Environment.GetEnvironmentVariable, configuration["NAME"] and GetValue with names in upper case. */
export const csharp: Reader = {
  name: 'env-variables/csharp',
  kind: 'env-variables',
  files: { languages: ['csharp'], roles: ['product'] },
  keywords: ['GetEnvironmentVariable', 'onfiguration[', 'GetValue<'],
  read(source) {
    const { code } = source;
    const reads = new Reads(source);
    for (const match of code.matchAll(/\bGetEnvironmentVariable\(\s*"(\w+)"\s*\)|\b\w*[cC]onfiguration\[\s*"(\w+)"\s*\]/g)) {
      const rest = after(code, match.index + match[0].length);
      if (match[2] && (!upperName.test(match[2]) || /^\s*=[^=]/.test(rest))) continue;
      reads.add(match[1] ?? match[2], match.index, alternative(rest), /^\s*\?\?\s*throw\b/.test(rest));
    }
    for (const match of code.matchAll(/\bGetValue<[^>]*>\(\s*"([A-Z][A-Z0-9_]*)"\s*(?:,\s*("[^"\n]*"|\w+))?\s*\)/g))
      reads.add(match[1], match.index, textOf(match[2]));
    addHelpers(code, reads);
    return reads.result();
  },
};

/** Rust: env::var and its relatives, env! and option_env!, clap's env attributes (derived.ts). */
export const rust: Reader = {
  name: 'env-variables/rust',
  kind: 'env-variables',
  files: { languages: ['rust'], roles: ['product'] },
  keywords: ['env::var', 'env!(', 'dotenv', 'env = "', '#[arg(', '#[clap(', '#[structopt(', 'get_env', 'env("'],
  read(source) {
    const { code } = source;
    const reads = new Reads(source);
    for (const match of code.matchAll(/\b(?:env::var(?:_os)?|(?:dotenvy?|std)::var)\(\s*"(\w+)"\s*\)/g)) {
      const rest = after(code, match.index + match[0].length);
      const fallback = /^\s*(?:\.\w+\(\)\s*)?\.unwrap_or(?:_else)?\(\s*(?:\|[^|]*\|\s*)?(?:String::from\(\s*)?("(?:[^"\\]|\\.)*")/.exec(
        rest,
      )?.[1];
      reads.add(
        match[1],
        match.index,
        textOf(fallback),
        /^\s*(?:\?|\.(?:unwrap|expect)\(|\.(?:map_err|context|with_context)\([^;]*\)\s*\?)/.test(rest),
      );
    }
    for (const match of code.matchAll(/\b(option_)?env!\(\s*"(\w+)"/g))
      if (!match[2]!.startsWith('CARGO_')) reads.add(match[2], match.index, null, !match[1]);
    addArguments(code, reads);
    addHelpers(code, reads);
    return reads.result();
  },
};

/** Ruby: ENV["X"], ENV.fetch with a default or a block. */
export const ruby: Reader = {
  name: 'env-variables/ruby',
  kind: 'env-variables',
  files: { languages: ['ruby'], roles: ['product'] },
  keywords: ['ENV[', 'ENV.fetch', 'ENV.'],
  read(source) {
    const { code } = source;
    const reads = new Reads(source);
    for (const match of code.matchAll(/\bENV\[\s*(["'])(\w+)\1\s*\]/g)) {
      const rest = after(code, match.index + match[0].length);
      if (/^\s*=(?![=~])/.test(rest)) continue;
      reads.add(match[2], match.index, alternative(rest));
    }
    for (const call of findCalls(code, /\bENV\.fetch(?=\s*\()/g)) {
      const name = textOf(call.arguments[0]?.text) ?? undefined;
      const rest = after(code, call.end);
      const block = /^\s*(?:\{|do)\s*(?:\|\w*\|)?\s*([^}\n]*?)\s*(?:\}|end\b|\n)/.exec(rest)?.[1];
      const second = call.arguments[1]?.text;
      reads.add(name, call.offset, textOf(second) ?? textOf(block), second === undefined && block === undefined);
    }
    for (const match of code.matchAll(/\bENV\.(?:key\?|has_key\?|include\?)\(?\s*(["'])(\w+)\1/g)) reads.add(match[2], match.index);
    return reads.result();
  },
};

/** PHP: getenv, env() with a default, $_ENV. */
export const php: Reader = {
  name: 'env-variables/php',
  kind: 'env-variables',
  files: { languages: ['php'], roles: ['product', 'config'] },
  keywords: ['env(', 'getenv', '$_ENV'],
  read(source) {
    const { code } = source;
    const reads = new Reads(source);
    for (const call of findCalls(code, /(?<![\w>$])(?:\\)?(?:env|getenv|Env::get)(?=\s*\()/g)) {
      const name = textOf(call.arguments[0]?.text) ?? undefined;
      const second = call.name.endsWith('getenv') ? undefined : argument(call.arguments, 'default', 1)?.text;
      reads.add(name, call.offset, textOf(second) ?? alternative(after(code, call.end)));
    }
    for (const match of code.matchAll(/\$_ENV\[\s*(["'])(\w+)\1\s*\]/g)) {
      const rest = after(code, match.index + match[0].length);
      if (!/^\s*=(?![=>])/.test(rest)) reads.add(match[2], match.index, alternative(rest));
    }
    return reads.result();
  },
};

/** Elixir: System.get_env, fetch_env!. */
export const elixir: Reader = {
  name: 'env-variables/elixir',
  kind: 'env-variables',
  files: { languages: ['elixir'], roles: ['product', 'config'] },
  keywords: ['get_env', 'fetch_env'],
  read(source) {
    const reads = new Reads(source);
    for (const match of source.code.matchAll(/\bSystem\.(get_env|fetch_env!?)\(\s*"(\w+)"\s*(?:,\s*("[^"\n]*"))?\s*\)/g))
      reads.add(
        match[2],
        match.index,
        textOf(match[3]) ?? alternative(after(source.code, match.index + match[0].length)),
        match[1] !== 'get_env' || /^\s*\|\|\s*raise\b/.test(after(source.code, match.index + match[0].length)),
      );
    return reads.result();
  },
};
