import { limits } from './limits.js';
import { oneLine } from './escape.js';

/** `dbPassword`, `DB-PASSWORD`, `db.password` -> `db_password`. */
const underscored = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toLowerCase();

const secretTerm =
  /pass_?word|passwd|pwd|pass_?phrase|secret(?!ar)|token|api_?key|access_?key|private_?key|signing_?key|encryption_?key|credential|auth_?key/g;
/** Last words that make a name one about a secret rather than the secret: token_url, PASSWORD_MIN_LENGTH, DB_PASSWORD_FILE. */
const about =
  /(?:^|_)(?:url|uri|endpoint|host|type|kind|count|counts|limit|limits|budget|usage|used|window|bucket|expiry|expires|expire|expires_in|expired|expiration|ttl|lifetime|lifespan|age|length|len|size|min|max|name|names|header|headers|prefix|suffix|field|fields|column|param|parameter|path|paths|file|files|filename|dir|folder|mount|volume|algorithm|alg|issuer|audience|scheme|strategy|format|pattern|regex|schema|policy|policies|hasher|hashers|validator|validators|validation|strength|rotation|enabled|disabled|required|timeout|duration|minutes|mins|seconds|secs|ms|hours|days|arn|ref|manager|store|provider|service|class|model|view|form|serializer|template|label|hint|error|message|per_minute|per_second|per_day|version)$/;
/** Words directly before `token` that name things of other kinds: request forgery fields, paging, cancellation, language models. */
const otherToken =
  /(?:^|_)(?:csrf|xsrf|csrfmiddleware|anti_?forgery|request_?verification|cancell?ation|cancel|abort|stop|page|next|next_?page|continuation|sync|pad|eos|bos|unk|mask|sep|cls|special|design|syntax|max|min|num|n|total|prompt|completion|input|output|new|context)_?$/;
const shortPassword =
  /^(?:db|database|smtp|mail|email|mysql|postgres|pg|redis|mongo|rabbitmq|amqp|ldap|ftp|ssh|proxy|user|admin|root|auth|basic_auth)(?:_\w+)?_?pass$/;
const connectionName = /dsn|ur[il]$|connection|conn_?str|^conn$|ur[il]_|broker|backend/;
const urlPassword = /[a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@'"`]{0,200}:([^\s/@'"`]{1,200})@/i;

/**
 * Whether a variable, key or field of this name holds a secret (convention `secret-like-names`). Names about secrets (token_url,
 * max_tokens, tokenizer, csrf_token, PASSWORD_MIN_LENGTH, DB_PASSWORD_FILE) are not. With `value`, connection URLs and DSNs are
 * secret-like when they carry a password.
 */
export function isSecretLikeName(name: string, value?: string): boolean {
  if (name === 'PWD' || name === 'OLDPWD') return false; // the shell's working directory
  const words = underscored(name.slice(0, 200));
  if (words === 'app_key' || shortPassword.test(words)) return true;
  if (value !== undefined && connectionName.test(words) && urlPassword.test(value)) return true;
  let last: RegExpMatchArray | null = null;
  for (const match of words.matchAll(secretTerm)) last = match;
  if (!last) return false;
  const at = last.index ?? 0;
  const before = words.slice(0, at);
  const after = words.slice(at + last[0].length).replace(/^(?:s|es)(?=_|$)/, '');
  if (about.test(after) || /_per_/.test(`${after}_`)) return false;
  if (last[0] === 'token') {
    if (/^(?:i[sz]|url|uri|endpoint|type|count)/.test(after)) return false;
    if (otherToken.test(before)) return isSecretLikeName(before);
  }
  return true;
}

const placeholderWords =
  /change[-_ ]?me|change[-_ ]?this|replace|your[-_ ]|<[^<>]*>|\$\{[^}]*\}|\{\{[\s\S]*?\}\}|xxx|\*\*\*|example|sample|dummy|placeholder|todo|insert|redacted|not[-_ ]a[-_ ]real|fake|generate/i;
const reference =
  /^(?:\$[A-Za-z_]\w*|\$\(.*\)|%[A-Za-z_][\w.]*(?:\([^()]*\))?%|%env\(.*\)%|\$env:\w+|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+|\/run\/secrets\/.*|(?:process\.env|import\.meta\.env|os\.environ|os\.getenv|env|getenv|ENV|secrets|vault|op|awssm|aws-sm|gcp-sm|keyvault|ref\+\w+|sm|ssm|secretsmanager)\b[.:[(]\S.*|arn:aws[\w-]*:(?:secretsmanager|ssm):.*|projects\/[^/]+\/secrets\/.*|@Microsoft\.KeyVault\(.*|\{(?:cipher|vault|secret)\}.*|ENC\(.*\)|ENC\[.*)$/;

/**
 * Whether a value stands for one still to be filled in, or names a variable or secret kept elsewhere (convention `placeholders`).
 * Weak words such as secret, password, admin or test are not placeholders.
 */
export function isPlaceholder(value: string | null | undefined): boolean {
  if (value === null || value === undefined) return true;
  const text = value.trim().slice(0, 2_000);
  return /^(?:|null|none|\.+|…)$/i.test(text) || /(?:\.\.\.|…)$/.test(text) || placeholderWords.test(text) || reference.test(text);
}

/** Shannon entropy in bits per character (0 for the empty string): words about 3, random base64 of 32 characters about 4.5. */
export function entropy(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  const total = [...value].length;
  let bits = 0;
  for (const count of counts.values()) bits -= (count / total) * Math.log2(count / total);
  return bits;
}

const mask = '****';

/** Credentials that are recognised by their form; the first group stays. */
const tokens: readonly RegExp[] = [
  /\b((?:AKIA|ASIA|ABIA|ACCA))[A-Z0-9]{16}\b/g,
  /\b(gh[pousr]_)[A-Za-z0-9]{20,255}/g,
  /\b(github_pat_)[A-Za-z0-9_]{20,255}/g,
  /\b(gl(?:pat|dt|ft|rt|soat|cbt|ptt|agent)-)[A-Za-z0-9_.-]{16,255}/g,
  /\b(xox[abeoprs]-|xapp-)[A-Za-z0-9-]{10,255}/g,
  /\b([srp]k_(?:live|test|prod)_|whsec_)[A-Za-z0-9]{10,255}/g,
  /\b(sk-(?:ant-|proj-|svcacct-|or-)?)[A-Za-z0-9_-]{20,255}/g,
  /\b(AIza)[A-Za-z0-9_-]{35}/g,
  /\b(SG\.)[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g,
  /\b(npm_|hf_|dop_v1_|doo_v1_|shp(?:at|ca|pa|ss)_|lin_api_|pul-|dckr_pat_|figd_|sntrys_|sbp_|vercel_|r8_|gsk_|re_|key-|hv[sb]\.|nvapi-|xai-|tfp_|atlasv1\.)[A-Za-z0-9_-]{20,255}/g,
  /\b(pypi-)[A-Za-z0-9_-]{20,1000}/g,
  /\b(ya29\.)[A-Za-z0-9_-]{20,1000}/g,
  /\b(eyJ)[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,2000}(?:\.[A-Za-z0-9_-]{0,2000})?/g,
  /\b(AGE-SECRET-KEY-1)[A-Z0-9]{20,100}/g,
  /\b(hooks\.slack\.com\/(?:services|workflows)\/)[A-Za-z0-9/_-]{10,255}/g,
  /\b(discord(?:app)?\.com\/api\/webhooks\/)[A-Za-z0-9/_-]{10,255}/g,
  /((?:AccountKey|SharedAccessKey|sig)=)[A-Za-z0-9+/=%_-]{20,255}/g,
  /(?<![\w.-])()\d{8,10}:AA[A-Za-z0-9_-]{32,34}(?![\w-])/g,
];
const pemBlock = /(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)[^-]*(-----END [A-Z0-9 ]{0,40}-----)?/g;
const urlPasswords = /([a-z][a-z0-9+.-]{1,30}:\/\/[^\s/:@'"`]{0,200}:)([^\s/@'"`]{1,500})(?=@)/gi;
const authorization = /\b((?:authorization["']?\s{0,4}[:=]\s{0,4}["'`]?)?(?:bearer|basic|token)\s{1,4})([A-Za-z0-9._~+/=-]{12,2000})/gi;
const quoted = `"(?:[^"\\\\\\n]|\\\\.)*"?|'(?:[^'\\\\\\n]|\\\\.)*'?|\`[^\`]*\`?`;
/** A name, a separator, and a value: `NAME=value`, `"name": "value"`, `name => 'value'`, `["NAME"] = "value"`, `env.NAME || "value"`. */
const assignment = new RegExp(
  `(?<![A-Za-z0-9_])([A-Za-z_][\\w.-]{0,120})(["'\`]?\\]?\\)?(?:\\s{0,8}:\\s{0,8}[A-Za-z][\\w.<>|[\\]]{0,40}(?=\\s{0,8}=[^=]))?\\s{0,40}(?::=|=>|={1,3}|!==?|:|\\|\\||\\?\\?|\\?:)\\s{0,40}(?:[bfru]{1,2}(?=["']))?)(${quoted}|[^\\s"'\`,;{}()[\\]<>&|]{1,2000}(?![\\w(]))`,
  'g',
);
/** `getenv("NAME", "value")`, `env("NAME", default="value")`, `.password("value")`, `IDENTIFIED BY 'value'`. */
const argument = new RegExp(`(["'\`])([A-Za-z_][\\w.-]{0,120})(\\1\\s{0,8},\\s{0,8}(?:[a-z_]{1,20}\\s{0,4}=\\s{0,4})?)(${quoted})`, 'g');
const call = new RegExp(`(?<![A-Za-z0-9_])([A-Za-z_]\\w{0,120})(\\(\\s{0,8})(${quoted})(?=\\s{0,8}\\))`, 'g');
const sqlPassword = /\b((?:identified\s{1,4}(?:with\s{1,4}\w{1,40}\s{1,4})?by|password)\s{1,4})('[^'\n]{0,500}'?)/gi;
const commandFlag = /(?<![\w-])(--?[A-Za-z][\w-]{0,80}\s{1,8})([^\s-][^\s]{0,2000})/g;
const dockerEnv = /^(\s*(?:ENV|ARG)\s{1,8})([A-Za-z_]\w{0,120})(\s{1,8})(\S.*)$/gm;
const xmlElement = /(<([A-Za-z_][\w.:-]{0,120})>)([^<>\n]{1,2000})(?=<\/)/g;
const namedValue =
  /(\bname["']?\s{0,8}[:=]\s{0,8}["']?)([A-Za-z_][\w.-]{0,120})(["']?,?\s{1,80}["']?value["']?\s{0,8}[:=]\s{0,8})("[^"\n]*"?|'[^'\n]*'?|[^\s,"'}]{1,2000})/g;

/** Unquoted values that are plainly code: types, keywords, member access of well-known roots. */
const codeValue =
  /^(?:string|str|bytes|bytearray|number|boolean|bool|int|integer|float|any|unknown|object|true|false|null|none|nil|undefined|optional|secretstr|char|varchar|text|function|lambda|self|this|required|await|new|async|field|securestring|password|key|value|=.*)$|^(?:process|os|env|environ|settings|config|conf|cfg|self|this|import|secrets|vars|req|request|body|data|params|options|opts|user|args|props|app|ctx|context|input|values|var|local|module|each|st|str|string|typing|t|z|joi|schema|types|pydantic|models|db|sa|fields|forms|serializers|local|payload|credentials|state|session|form|dto|event|event|res|response|result)\.|^\$|^@|^\*|^!|^\/\//i;

const unquote = (value: string): string => value.replace(/^["'`]|["'`]$/g, '');
const masked = (value: string): string =>
  /^["'`]/.test(value) ? `${value[0]}${mask}${value.length > 1 && value.endsWith(value[0] ?? '') ? value[0] : ''}` : mask;
const harmless = (value: string): boolean => isPlaceholder(unquote(value)) || unquote(value).length < 2;

/**
 * Something that every rule of `maskSecrets` needs: the fixed part of a token, a word that makes a name one of a secret, an address, a
 * scheme of authorization, a password of SQL. Text without any of it, which is nearly all, is not looked at further.
 */
const suspicious =
  /pass|pwd|secret|token|key|credential|:\/\/|bearer|basic|identified|AKIA|ASIA|ABIA|ACCA|gh[pousr]_|gl(?:pat|dt|ft|rt|soat|cbt|ptt|agent)-|xox|xapp-|[srp]k_|whsec_|sk-|AIza|SG\.|\b(?:npm|hf|dop_v1|doo_v1|shp\w\w|lin_api|figd|sntrys|sbp|vercel|r8|gsk|re)_|pul-|dckr_pat_|hv[sb]\.|nvapi-|xai-|tfp_|atlasv1\.|pypi-|ya29\.|eyJ|hooks\.slack|discord|sig=|:AA/i;

/**
 * `text` with every recognisable secret replaced by `****`: known token forms, private keys, passwords in URLs, values assigned
 * to secret-like names, and long random strings on lines that mention a secret. Placeholders and references stay readable.
 */
export function maskSecrets(text: string): string {
  return suspicious.test(text) ? maskAll(text) : text;
}

/** Every rule in turn, for texts that are suspicious or not. */
export function maskAll(text: string): string {
  let out = text.replace(pemBlock, (_, begin: string, end?: string) => `${begin} ${mask} ${end ?? ''}`.trimEnd());
  for (const token of tokens) out = out.replace(token, `$1${mask}`);
  out = out
    .replace(urlPasswords, (all, head: string, password: string) => (isPlaceholder(password) ? all : head + mask))
    .replace(authorization, (all, head: string, value: string) => (isPlaceholder(value) || !/\d/.test(value) ? all : head + mask))
    .replace(assignment, (all, name: string, separator: string, value: string) => {
      if (!isSecretLikeName(name) || harmless(value)) return all;
      return !/^["'`]/.test(value) && codeValue.test(value) ? all : name + separator + masked(value);
    })
    .replace(argument, (all, q: string, name: string, separator: string, value: string) =>
      !isSecretLikeName(name) || harmless(value) ? all : q + name + separator + masked(value),
    )
    .replace(call, (all, name: string, open: string, value: string) =>
      !isSecretLikeName(name.replace(/^(?:get|read|load|fetch|require|find)(?=[A-Z_]).*/, '')) ||
      harmless(value) ||
      isSecretLikeName(unquote(value))
        ? all
        : name + open + masked(value),
    )
    .replace(sqlPassword, (all, head: string, value: string) => (harmless(value) ? all : head + masked(value)))
    .replace(commandFlag, (all, flag: string, value: string) =>
      !isSecretLikeName(flag.trim()) || harmless(value) ? all : flag + masked(value),
    )
    .replace(dockerEnv, (all, head: string, name: string, gap: string, value: string) =>
      value.startsWith('=') || !isSecretLikeName(name, value) || harmless(value) ? all : head + name + gap + mask,
    )
    .replace(xmlElement, (all, open: string, name: string, value: string) =>
      !isSecretLikeName(name) || harmless(value) ? all : open + mask,
    )
    .replace(namedValue, (all, head: string, name: string, separator: string, value: string) =>
      !isSecretLikeName(name) || harmless(value) ? all : head + name + separator + masked(value),
    );
  return out.includes('\n') ? out.split('\n').map(maskRandom).join('\n') : maskRandom(out);
}

function maskRandom(line: string): string {
  if (!/secret|token|passw|pwd|api.?key|private.?key|access.?key|auth.?key|credential|encryption.?key|signing.?key/i.test(line))
    return line;
  return line.replace(/(?<![\w+/=:-])[A-Za-z0-9+/_-]{20,2000}={0,2}(?![\w])/g, (value) =>
    /\d/.test(value) && /[A-Za-z]/.test(value) && !/^\.{0,2}\/|\/\w+\/\w+\//.test(value) && entropy(value) >= 3.5 && !isPlaceholder(value)
      ? mask
      : value,
  );
}

/**
 * What a report shows of a line: one line, control characters made visible, secrets masked, cut at `max` characters (default
 * 200) with an ellipsis.
 */
export function excerptOf(line: string, max: number = limits.excerptChars): string {
  const clean = maskSecrets(oneLine(line.slice(0, limits.lineChars)));
  if (clean.length <= max) return clean;
  const cut = clean.slice(0, max - 1);
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}
