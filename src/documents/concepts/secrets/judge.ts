import { entropy, isPlaceholder, isSecretLikeName } from '../../../safe/redact.js';

/** Passwords that services ship with or that everybody guesses (catalogue: secrets/no-default-credentials). */
const defaults = new Set(
  'postgres password passw0rd p@ssw0rd root admin admin123 administrator guest test secret changeme change-me example default minioadmin mysql redis 123456 12345678 123456789 qwerty letmein toor rabbitmq grafana mongo pass password1 password123 admin1234 test123 test1234 user root123'.split(
    ' ',
  ),
);

/** Parts of which identifiers about credentials are made: accessToken, new-password, client_secret. */
const parts =
  'access|refresh|id|api|auth|client|user|new|old|current|confirm(?:ation|ed)?|repeat|reset|forgot(?:ten)?|change|update|bearer|basic|csrf|xsrf|session|jwt|password|passwd|passphrase|pwd|pass|secret|token|key|private|public|name|value|header|hash|hashed|encrypted|input|field|type|login|logout|verify|verification|email|code|credentials?|authori[sz]ation|authentication|oauth2?|remember|me|x|account|service|app|application|aws|github|google|gcp|azure|db|database|show|hide|enter|invalid|wrong|incorrect|mismatch|match|matches|empty|too|short|must|be|missing|required|set|get|create|generate|validate|use|with|by|via|and|or|the|your|is|has|no|not|in|for|of|to|manager|store|provider|error|expired|length|min|max|again|vault|registry|docker|push|web|hook|device|invite|invitation|magic|link|otp|totp|mfa|temp|temporary|personal|s';
const identifier = new RegExp(`^(?:(?:${parts})(?:[-_.:/ ]|(?![a-z])|(?=[a-z]))){1,8}$`, 'i');

/** What stands for a kind of thing where a name reads like a secret: types, validation rules, schemes, algorithms, HTML input kinds. */
const vocabulary =
  /^(?:string|str|text|hidden|required|optional|boolean|number|integer|object|varchar(?:\(\d+\))?|char|null|undefined|true|false|yes|no|on|off|input|submit|disabled|enabled|none|bearer|basic|digest|header|cookie|query|body|json|form|jwt|oauth2?|session|local|default|auto|env|file|vault|plain|plaintext|md5|sha\d*|bcrypt|argon2\w*|scrypt|pbkdf2|hs\d{3}|rs\d{3}|es\d{3}|opaque|uuid|random|unknown|anonymous|inherit|always|never|ifnotpresent|memory|redis|database|kubernetes|kubeconfig|secret|external|admin|username|email|literal|property|punctuation|keyword|identifier|filtered|\[filtered\]|masked|hashed|invalid|1password)$/i;
const validationRule =
  '(?:required|nullable|sometimes|present|string|confirmed|min|max|between|size|regex|current_password|bail|filled)(?::[^|]*)?';
const validation = new RegExp(`^(?:${validationRule}\\|)*${validationRule}\\|?$`);
const hashed =
  /^(?:\$(?:2[abxy]?|argon2\w*|5|6|1|apr1|pbkdf2[\w-]*|scrypt|y)\$|pbkdf2_|bcrypt\$|argon2\$|scrypt:|pbkdf2:|sha(?:1|256|512)[:$-]|md5[:$]|\{(?:SSHA|SHA|CRYPT|bcrypt|noop)\}|[\w-]+\$\d+\$)/i;
/** Also of tokens that name a place in a list, a waiting step or a repeated request: who has them needs an identity all the same. */
const publicName =
  /public|existing|publishable|_pk$|hash|digest|checksum|fingerprint|salt_?rounds|thumbprint|csrf|xsrf|placeholder|label|title|description|message|error|hint|tooltip|text$|icon|regex|pattern|selector|locator|xpath|css|class|route|page|screen|component|link|button|event|action|mutation|permission|scope|grant|claim|column|attribute|identifier$|_id$|_ids$|(?:^|_)(?:task|next|page|pagination|continuation|resume|idempotency|client_request)_token$|_(?:chars|characters|char_?set|alphabet|letters|symbols)$/;
const action =
  /^(?:forgot|reset|change|update|verify|confirm|invalid|missing|wrong|no|has|is|show|hide|require|requires|enter|create|generate|get|set|validate|check|with|without|on|handle|use|toggle|send|revoke|request|manage|unlock|allow|test|mock|fake|dummy|example|sample|expected|max|min|num|incorrect|bad|new|old|input|type)_/;
const strong =
  /(?:password|passwd|pwd|passphrase|pass|secret|secret_key|secret_key_base|app_key|api_key|access_key|private_key|signing_key|encryption_key|auth_key|secret_access_key|auth_secret|client_secret)$/;

export type Verdict = { kind: 'secret' | 'default' | 'placeholder' } | null;

const underscored = (name: string) => name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replace(/[^A-Za-z0-9]+/g, '_').replace(/^_+|_+$/g, '').toLowerCase(); // prettier-ignore

/**
 * Whether a literal assigned to a name is a credential. `config` says that it stands in configuration, where weak words are
 * passwords too; in code a word may as well be a field's name. `settings` says that it stands in the application's own settings,
 * which name no objects of a cluster. Null: not a credential, or a reference to one.
 */
export function judgeAssignment(rawName: string, value: string, config: boolean, settings = false): Verdict {
  const name = underscored(rawName);
  if (value.length < 4 || value.length > 1_000 || /[\s\p{Cc}]/u.test(value) || !isSecretLikeName(rawName) || publicName.test(name))
    return null;
  // A character by its number, as tables of emoji and entities have them.
  if (/^(?:\\u\{?[0-9a-f]{4,6}\}?){1,4}$/i.test(value)) return null;
  // A moment: when a key was made or ends.
  if (/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(value)) return null;
  const shipped = config && defaults.has(value.toLowerCase()) && /pass|pwd/.test(name);
  if (shipped) return { kind: 'default' };
  if (hashed.test(value) || vocabulary.test(value)) return null;
  // The quote that ends 'NAME=' opens none: 'DB_PASSWORD=' . $request->input('password').
  if (/^[.+]\s*(?:\$\w|\w+[.(])/.test(value)) return null;
  // Written over what was there: **masked**.
  if (/^\*+[\w -]*\*+$/.test(value)) return null;
  if (
    validation.test(value) ||
    // Rules of a validator, Laravel's above all: nullable|alpha_dash|max:255.
    /^[a-z_]{3,30}(?::[\w,.]{0,60})?(?:\|[a-z_]{3,30}(?::[\w,.]{0,60})?){1,12}$/.test(value) ||
    underscored(value) === name ||
    (!config && namesItself(name, value)) ||
    // SigningKey = "signing": one of several kinds of keys.
    `${underscored(value)}_key` === name ||
    /^(?:https?|file|s3|gs|ssh|git|urn|data|vault|arn|env|secret|secretref|op|projects|kms):/i.test(value)
  )
    return null;
  if (/^(?:[$%@!&*{[(<#~|>]|\.{0,2}\/|--|=)/.test(value) && !/^[$%@!&*#~|>=][^\s({[]{7,}$/.test(value)) return null;
  if (/\$\{|\{\{|<%|%\(|\$\(|#\{|\{\w*\}|%[sdv]|%\w+%/.test(value)) return null;
  if (/^@[\w.-]+\/[\w./-]+$/.test(value)) return null; // a scoped package
  // Judged by their form elsewhere.
  if (/^AIza|^eyJ[\w-]+\.eyJ|\\["']/.test(value)) return null;
  if (/^pk_(?:live|test)_|^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-)|^-----BEGIN|^MI(?:GfMA|IBIj|ICIj)/.test(value)) return null;
  if (isPlaceholder(value))
    return /change|your|example|sample|dummy|placeholder|todo|replace|fake|insert/i.test(value) && !/^[A-Z][A-Z0-9_]+$/.test(value)
      ? { kind: 'placeholder' }
      : null;
  if (config && defaults.has(value.toLowerCase()))
    return /secret|key/.test(name) && /^(?:secret|test|changeme|change-me|default|example|\d+|qwerty|letmein)$/i.test(value)
      ? { kind: 'default' }
      : null;
  if (/^[\w.-]+\.(?:ya?ml|json|txt|pem|crt|key|py|js|ts|html|php|rb|java|properties|env|jks|p12)$/i.test(value)) return null;
  if (/^\d+$/.test(value) && value.length < 6) return null;
  if (value.length <= 64 && identifier.test(value)) return null;
  const digits = /\d/.test(value);
  const letters = /[A-Za-z]/.test(value);
  const bits = entropy(value);
  const random = digits && letters && bits >= 3 && value.length >= 12;
  // Dotted and slashed words are keys, module paths and routes: auth.password.reset, users/token.
  if (!random && /^[A-Za-z][\w-]*(?:[./:][A-Za-z_][\w-]*)+$/.test(value)) return null;
  if (action.test(`${name}_`) || action.test(name))
    return random && bits >= 3.5 && value.length >= 16 && !/^[a-z]+(?:[-_][a-z0-9]+)+$/.test(value) ? { kind: 'secret' } : null;
  if (!config && defaults.has(value.toLowerCase())) return { kind: 'default' };
  if (value.length < 6) return null;
  if (!strong.test(name)) return random && !/^[a-z]+(?:[-_.][a-z]+)*[-_.]?\d{0,2}$/i.test(value) ? { kind: 'secret' } : null;
  if (!digits && /^[A-Z]?[a-z]+(?:[-_][a-z]+)+$/.test(value) && !config && !/secret|pass/i.test(value)) return null;
  // A Kubernetes or file name of a secret: db-credentials, my-app-secret.
  if (
    !settings &&
    !digits &&
    !/pass|pwd/.test(name) &&
    /^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/.test(value) &&
    !/(?:super|very|my|this|not)-/.test(value)
  )
    return null;
  return { kind: 'secret' };
}

/** A flag or a message key is a long name written another way: RotateMasterPassword = "team-12-rotate-master-password". */
function namesItself(name: string, value: string): boolean {
  const own = name.replaceAll('_', '');
  return own.length >= 12 && /^[a-z]+(?:[-_.][a-z0-9]+){3,}$/i.test(value) && value.replace(/[-_.]/g, '').toLowerCase().includes(own);
}

const local =
  /^(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?|host\.docker\.internal|[^.\s]+|.*\.(?:local|localhost|test|invalid|example|internal)|example\.(?:com|org|net)|.*\.example\.(?:com|org|net))$/i;

/** A password in a connection URL: judged only towards hosts other than this machine, Compose services and reserved names. */
export function judgeUrl(user: string, password: string, host: string): Verdict {
  if (password.length < 3 || /[{}<>$%*|\\]/.test(`${user}${password}${host}`.replace(/%[0-9A-F]{2}/gi, ''))) return null;
  if (local.test(host) || /^(?:host|hostname|server|domain)$/i.test(host)) return null;
  if (
    isPlaceholder(password) ||
    isPlaceholder(host) ||
    (/^(?:pass(?:word)?|pwd|secret|pw|passwd|token)$/i.test(password) &&
      /^(?:user(?:name)?|usr|login|name|oauth2?|x-access-token)$/i.test(user))
  )
    return null;
  return { kind: 'secret' };
}
