import type { ClaimNumber, ClaimState } from '../model/claims.js';

/** What a pictograph in front of a claim, or behind it, says about it. */
export type Mark = 'yes' | 'no' | 'warning' | 'planned' | null;

const yes = /[✅☑✔✓🟢👍🆗💚🏆]|:(?:white_check_mark|heavy_check_mark|ballot_box_with_check|green_circle|\+1):/u;
const no = /[❌✗✘✖🔴⛔🚫🛑]|:(?:x|no_entry|no_entry_sign|red_circle|negative_squared_cross_mark):/u;
const warning = /[⚠🟡🟠🔶❗]|:(?:warning|exclamation|yellow_circle):/u;
const planned = /[⚙⏳⌛🚧🔜🔄🔲⬜☐□▢🕐📌💡⏸🗓📅]|:(?:gear|hourglass|hourglass_flowing_sand|construction|soon|white_large_square):/u;
/** Pictographs of every kind, with what joins and varies them; stars count as ratings and stay. */
const pictographs =
  /(?!⭐|★|☆)(?:\p{Extended_Pictographic}|[✓✗✘☐□▢\u{1f1e6}-\u{1f1ff}])(?:\ufe0f|\u20e3|\u200d|[\u{1f3fb}-\u{1f3ff}])*|\ufe0f|\u200d|:(?:[a-z]+_)*(?:check_mark|check|mark|circle|gear|warning|hourglass|construction|soon|square|rocket|x|entry|sign|lock|tada|star2):/gu;

/** The mark of a text: the first that means something. */
export function markOf(text: string): Mark {
  const at = (pattern: RegExp): number => {
    const found = text.search(pattern);
    return found < 0 ? Number.POSITIVE_INFINITY : found;
  };
  const found: [number, Mark][] = [
    [at(yes), 'yes'],
    [at(no), 'no'],
    [at(warning), 'warning'],
    [at(planned), 'planned'],
  ];
  const first = found.reduce((a, b) => (b[0] < a[0] ? b : a));
  return Number.isFinite(first[0]) ? first[1] : null;
}

/** `text` on one line without pictographs, markup and what an earlier run appended. */
export function cleaned(text: string): string {
  return text
    .replace(/<!--\s*readiness[^]*$/, '')
    .replace(pictographs, ' ')
    .replace(/\*\*|__(?=\S)|(?<=\S)__(?!\w)/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ([,.;:)])(?=\s|$)/g, '$1')
    .replace(/^[\s\-–—:•·]+|[\s\-–—•·]+$/g, '')
    .trim();
}

/** Number of filled stars and of all, null where there is none. */
export function starsOf(text: string): { filled: number; of: number } | null {
  const filled = (text.match(/⭐|★/gu) ?? []).length;
  const empty = (text.match(/☆/gu) ?? []).length;
  return filled === 0 ? null : { filled: Math.min(filled, 10), of: Math.max(5, filled + empty) };
}

/** A score written as a fraction of a usual scale (89/100, 3/10, 4.9/5), stars, or a percentage of readiness: 0 to 100. */
export function scoreOf(text: string): number | null {
  const fraction =
    /(?<![\d/.])(\d{1,3}(?:\.\d+)?)\s*(?:\/|out of)\s*(5(?:\.0)?|10(?:\.0)?|100)(?![\d/.%])(?!\s*(?:\w+\s+)?(?:tests?|specs?|checks?|pass\w*|items?|cases?|suites?|done|completed?)\b)/i.exec(
      text,
    );
  if (fraction) {
    const share = Number(fraction[1]) / Number(fraction[2]);
    return share <= 1 ? round(share * 100) : null;
  }
  const percent = /(?<![\d.<>≥≤])(\d{1,3}(?:\.\d+)?)\s*%/.exec(text);
  if (percent && Number(percent[1]) <= 100 && /\b(?:ready|readiness|score|complete|rating|overall|grade)\b/i.test(text))
    return Number(percent[1]);
  const stars = starsOf(text);
  return stars ? round((stars.filled / stars.of) * 100) : null;
}

const round = (value: number): number => Math.round(value * 10) / 10;

const recommends =
  /\b(?:recommend(?:ed|s|ation)?|should|suggest(?:ed)?|consider(?:ed)?|advis(?:e|ed|able)|nice[- ]to[- ]have|would be (?:good|better)|ought to|must|needs? to|have to|ready to (?:create|implement|add|be)|optional(?:ly)? add|needed\s*:)(?!\w)/i;
const plans =
  /\b(?:to ?do(?!s? (?:comments?|markers?|items?))|tbd|t\.b\.d|to be (?:done|added|implemented|configured|defined|decided|set)|will (?:be|add|implement|have|use)|planned|plan to|upcoming|in progress|wip|work in progress|pending|roadmap|coming soon|next (?:sprint|quarter|release|month|week)|in the future|not started|scheduled for|backlog|later)\b/i;
const denies =
  /^missing\b(?![\w ]{1,30}:)|\b(?:not (?:yet |currently |fully |properly |being )?(?:implemented|configured|set(?: up)?|enabled|available|supported|in place|present|tested|done|defined|documented|used|covered|automated|enforced|validated|ready|production|for production|suitable|encrypted|monitored|complete)|isn['’]?t|aren['’]?t|doesn['’]?t|don['’]?t|does not|do not|(?:is|are|was|were|still|currently) missing|missing(?=\s*(?:$|[.,;)]))|lack(?:s|ing)?|absent|needs?\s+(?!to\b)\w+|insufficient|incomplete|inadequate|unprotected|unencrypted|untested|undocumented|none (?:yet|so far|configured|defined)|weak|vulnerable to|broken|fails?|failing|no (?:horizontal|centrali[sz]ed|automated|observability|monitoring|production|tests?|backups?|ci\b|documentation|alert\w*|auth\w*|rate|logging|health|validation|encryption|plan|runbook|\w+ (?:setup|configured|in place|yet|defined|implemented)))\b/i;
/** What happens when something else is missing says nothing about the thing itself. */
const conditional = /\b(?:when|if|while|for|on|without)\b[^.;]{0,60}\b(?:missing|absent|fails?|unavailable|not available)\b/i;
/** A no that is good news: the bad thing is not there. */
const goodNo =
  /\bno\b[^.;]{0,40}\b(?:vulnerabilit\w*|hard-?coded\w*|secrets?|leaks?|errors?|warnings?|issues?|injection|wildcards?|credentials?|downtime|conflicts?|known|debt|unsafe|exposed|plain ?text|root|state|todo\w*|failures?|duplicat\w*)\b/i;

/** Words at the start that tell somebody to do something. */
const imperative =
  /^(?:please\s+)?(?:add|apply|assign|automate|audit|benchmark|build|change|check|choose|clean up|collect|complete|conduct|configure|confirm|connect|containeri[sz]e|create|decide|define|deploy|deprecate|design|disable|document|enable|encrypt|enforce|ensure|establish|evaluate|execute|expand|extend|extract|fix|finali[sz]e|finish|generate|get|harden|implement|improve|increase|initiali[sz]e|install|integrate|introduce|investigate|launch|limit|make sure|measure|migrate|monitor|move|notify|obtain|optimi[sz]e|perform|plan|prepare|protect|provide|provision|publish|put|reduce|refactor|remove|rename|replace|require|resolve|restrict|review|rotate|run|scan|schedule|secure|set|setup|set up|sign|split|store|switch|test|track|train|turn|update|upgrade|use|validate|verify|write)\b(?!\s+(?:is|are|was|were|has|have|tests?\b|logs?\b.*\b(?:enabled|configured)|(?:\w+\s)?(?:enabled|configured|implemented|completed|passed|in place)\b))/i;

/** What words say, before any heading is looked at. */
export function stateOfWords(text: string): ClaimState | null {
  if (recommends.test(text)) return 'recommends';
  if (plans.test(text)) return 'plans';
  if (denies.test(text) && !goodNo.test(text) && !conditional.test(text)) return 'denies';
  return null;
}

/** Words that are nouns as often: a command only with what follows it. */
const nounOrVerb =
  /^(?:audit|log|cache|backup|test|scan|report|state|design|release|access|track|alert|monitor|limit|process|support|contact|schema|index)\b/i;
const toSomething = /^\w+\s+(?:\S+\s+){0,3}?(?:the|an?|all|for|your|our|each|every|whether|any|that|with|in|from|to|on)\b/i;

/** Whether a text tells somebody to do something; a short label (`Test runtime: 6 s`) is a name. */
export const isImperative = (text: string): boolean =>
  !(nounOrVerb.test(text) && !toSomething.test(text)) &&
  !/^(?:test|log|monitor|backup|cache|review|scan|measure|store|plan|limit|design|build|release|access|audit|track|sign|use|set|report|state|schedule|process|change|value|output|input|deploy)\w*\b.*\b\w+(?:ed|en|place)$/i.test(
    text.replace(/\s*\([^)]*\)$/, ''),
  ) &&
  !/^[\w-]+(?: [\w-]+)?:\s/.test(text.replace(/^(?:week|day|step|phase|sprint|month|q)\s*\d+[^:]{0,12}:\s*/i, '')) &&
  imperative.test(text.replace(/^(?:(?:week|day|step|phase|sprint|month|q)\s*\d+[^:]{0,12}:|\d+[.)])\s*/i, ''));

const headingRecommends =
  /recommend|next steps?|improve|enhancement|should|nice to have|quick wins?|suggest|future|long[- ]?term|short[- ]?term|guide\b|how to|best practi|requirements|mitigation|optional|proposed|proposal|changes (?:needed|required)|ideas/i;
const headingPlans =
  /to-?do\b|roadmap|pending|pre-?(?:launch|deploy\w*|production|release|flight)|post-?(?:launch|deploy\w*|release)|before (?:launch|deploy|going|release)|after (?:launch|deploy|release)|upcoming|must (?:fix|complete|do|have)|action items?|final steps|steps\b|remaining|outstanding|open (?:points|items|tasks)|backlog|in progress|deployment validation|go-?live/i;
const headingDenies =
  /\bgaps?\b|\brisks?\b|\bissues\b|\bmissing\b|weakness|not (?:ready|implemented|done|configured)|blockers?|concerns|problems|vulnerabilit|limitations|known (?:bugs|issues)|deficienc|shortcoming|fail(?:ed|ures)|what(?:['’]s| is) (?:missing|not)|cons\b/i;
const headingTargets = /\btargets?\b|threshold|\bgoals?\b|\bobjectives?\b|\bslos?\b|\bslas?\b|\bbudget/i;

/** What a heading makes of the claims under it; null where it says nothing. */
export function stateOfHeading(text: string): ClaimState | null {
  if (
    /\bnone\b|\bresolved\b|\bfixed\b|\bmitigated\b|fixes applied|\bcompleted?\b|\bimplemented\b|\bdone\b/i.test(text) &&
    !/\bnot\b|\bmust\b|to be/i.test(text)
  )
    return 'asserts';
  if (headingRecommends.test(text)) return 'recommends';
  if (headingPlans.test(text)) return 'plans';
  if (headingDenies.test(text)) return 'denies';
  if (headingTargets.test(text)) return 'recommends';
  return null;
}

const units =
  '%|percent|ms\\b|milliseconds?|s\\b|secs?\\b|seconds?|mins?\\b|minutes?|h\\b|hrs?\\b|hours?|d\\b|days?|weeks?|months?|years?|rounds?|iterations|chars?\\b|characters?|bits?\\b|bytes?|[kmgt]i?b\\b|connections?|users?|tests?|routes?|endpoints?|replicas?|instances?|nodes?|workers?|files?|attempts?|requests?|req\\b|rps\\b|retries|times|backups?|versions?|ports?|stages?';
const number = new RegExp(
  `(<=?|>=?|≤|≥|under|below|less than|at most|max(?:imum)?(?: of)?|up to|within|over|above|more than|at least|min(?:imum)?(?: of)?|greater than)?\\s*(?<![\\w.])(\\d{1,3}(?:,\\d{3})+|\\d+)(\\.\\d+)?\\s*(\\+)?[\\s-]*(${units})?(?![\\w.]*\\w@)`,
  'gi',
);

/** Numbers of a text that say how much: with a unit, a bound, or behind a colon. Versions, dates and list numbers are none. */
export function numbersOf(text: string): ClaimNumber[] {
  const found: ClaimNumber[] = [];
  const plain = text
    .replace(
      /\b\d{4}-\d{2}-\d{2}\b|\bv?\d+\.\d+\.\d+\b|\bTLS ?1\.\d\b|\bHTTP\/\d\b|\bRFC ?\d+\b|\btop (?:10|ten)\b|\b(?:P|p)\d{2}\b|\b(?:24\/7|3-2-1|2FA|OAuth ?2(?:\.0)?)\b|\bpython \d+(?:\.\d+)?\+?/gi,
      ' ',
    )
    .slice(0, 500);
  for (const match of plain.matchAll(number)) {
    const [whole, bound = '', digits, fraction = '', plus, unit = ''] = match;
    const before = plain.slice(0, match.index).trimEnd();
    if (!bound && !plus && !unit && !/[:=]$/.test(before) && !/^\s*$/.test(plain.slice(match.index + whole.length))) continue;
    if (/[A-Za-z_]$/.test(plain.slice(0, match.index)) && /^\d/.test(whole)) continue;
    found.push({
      value: Number(digits!.replace(/,/g, '') + fraction),
      unit: unitOf(unit),
      bound: /^(?:<|≤|under|below|less|at most|up to|within)/i.test(bound)
        ? '<'
        : plus || /^(?:>|≥|over|above|more|at least|min|greater)/i.test(bound)
          ? '>'
          : '=',
    });
    if (found.length >= 8) break;
  }
  return found;
}

const unitOf = (unit: string): string => {
  const name = unit.toLowerCase();
  if (name === 'percent' || name === '%') return '%';
  if (/^(?:s|secs?|seconds?)$/.test(name)) return 'seconds';
  if (/^(?:ms|milliseconds?)$/.test(name)) return 'milliseconds';
  if (/^(?:mins?|minutes?)$/.test(name)) return 'minutes';
  if (/^(?:h|hrs?|hours?)$/.test(name)) return 'hours';
  if (/^(?:d|days?)$/.test(name)) return 'days';
  if (name.startsWith('char')) return 'characters';
  if (/^[kmgt]i?b$/.test(name)) return name.toUpperCase();
  return name === '' || name.endsWith('s') ? name : `${name}s`;
};
