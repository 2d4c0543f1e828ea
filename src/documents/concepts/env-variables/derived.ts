import { argument, findCalls } from '../syntax-text.js';
import { type Reads, textOf } from './shared.js';

/** Variables whose names the library makes up: from a prefix and a key (viper), from the name of a field (clap). */

const screaming = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();

/** viper with AutomaticEnv: every key that is given a default or asked for. Keys of flags are arguments first and left out. */
export function addViper(code: string, reads: Reads): void {
  if (!code.includes('.AutomaticEnv(')) return;
  const prefix = /\.SetEnvPrefix\(\s*"(\w+)"/.exec(code)?.[1];
  // Without a replacer, `a.b` and `a-b` are looked for as they are, which no shell can set.
  const replaced = code.includes('.SetEnvKeyReplacer(');
  const flags = new Set(
    [...code.matchAll(/\.(?:\w+P|String|Int\w*|Bool|Duration|Float\w*|StringSlice|\w+Var)\(\s*(?:&[\w.]+\s*,\s*)?"([\w.-]+)"\s*,/g)].map(
      (m) => m[1]!,
    ),
  );
  const asked =
    /(?<![\w.])\w{1,20}\.(?:SetDefault|Get(?:String|Int|Int32|Int64|Bool|Duration|Float64|StringSlice|StringMap)?)(?=\s*\(\s*")/g;
  const owner = /(?<![\w.])(\w{1,20})\.AutomaticEnv\(/.exec(code)?.[1];
  const defaults = new Set<string>();
  for (const call of findCalls(code, asked)) {
    const key = textOf(call.arguments[0]?.text);
    if (!key || call.name.split('.')[0] !== owner || (!replaced && /[^\w]/.test(key))) continue;
    const sets = call.name.endsWith('SetDefault');
    if (sets) defaults.add(key);
    else if (defaults.has(key) || flags.has(key)) continue;
    reads.add(screaming(prefix ? `${prefix}_${key}` : key), call.offset, sets ? textOf(call.arguments[1]?.text) : null);
  }
}

/** clap and structopt: `#[arg(long, env)]`, `#[clap(env = "X", default_value = "y")]` above a field. */
export function addArguments(code: string, reads: Reads): void {
  for (const call of findCalls(code, /#\[(?:arg|clap|structopt)(?=\s*\()/g)) {
    const named = argument(call.arguments, 'env')?.text;
    if (named === undefined && !call.arguments.some((a) => a.name === '' && a.text === 'env')) continue;
    const field = /^\s*\](?:\s*#\[(?:[^\n[\]]|\[[^\n[\]]*\])*\])*\s*(?:pub(?:\([^)\n]*\))?\s+)?(\w+)\s*:\s*([\w:]+)/.exec(
      code.slice(call.end, call.end + 600),
    );
    const name = textOf(named) ?? (field ? screaming(field[1]!) : undefined);
    const fallback = argument(call.arguments, 'default_value')?.text ?? argument(call.arguments, 'default_value_t')?.text;
    const optional = fallback !== undefined || /(?:^|::)(?:Option|Vec|bool)$/.test(field?.[2] ?? 'Option');
    reads.add(name, call.offset, textOf(fallback), !optional);
  }
}
