import type { Claim, ClaimedScore, ClaimKind, ClaimState } from '../model/claims.js';
import { oneLine } from '../safe/escape.js';
import { maskSecrets } from '../safe/redact.js';
import { blocksOf, type Block } from './blocks.js';
import { claimsOfCode } from './code-blocks.js';
import { cleaned, isImperative, markOf, numbersOf, scoreOf, stateOfHeading, stateOfWords, type Mark } from './marks.js';

/** A claim before matching: `weak` ones (sentences, comments in code) count only where a check covers them. */
export interface Extracted extends Claim {
  readonly weak: boolean;
}

export interface Extraction {
  readonly claims: readonly Extracted[];
  readonly scores: readonly ClaimedScore[];
  readonly lines: number;
  readonly repaired: string | null;
  readonly notes: readonly string[];
}

/** Claims that are kept; what is beyond is said in a note. */
const maxClaims = 20_000;
const maxText = 400;

interface Heading {
  readonly depth: number;
  readonly text: string;
  readonly safe: string;
  readonly raw: string;
  readonly mark: Mark;
  readonly line: number;
  claims: number;
  blocks: number;
}

/** Labels that say something about the document or about the item they stand under, not about the application. */
const metaLabels =
  /^(?:date|version|author|owner|reviewed by|reviewer|assessor|assessed by|assessment completed|prepared (?:by|for)|last (?:updated?|review(?:ed)?|review date)|updated|created|go-?live date|review date|next review|due(?: date)?|deadline|phase|project|application|repository|repo|team|document|environment assessed|sign(?:ed)? ?off(?: by)?|signature|name|title|role|department|contact|prepared|generated(?: by| on)?|commit|license|stage|sprint|milestone|status date|(?:review|assessment|audit) (?:completed|date|started)|completed(?: on)?|approved by|valid until)$/i;
/** Values that are dates. */
const dateValue = /^(?:\w+ \d{1,2},? \d{4}|\d{1,2}\.? \w+ \d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4})$/;
/** Labels of what qualifies an item: folded into it. */
const partLabels =
  /^(?:files?|location|path|module|features?|functionality|status|state|risks?|impact|likelihood|probability|severity|priority|timeline|timeframe|effort|estimate|owner|assignee|notes?|details?|description|issues?|problem|cause|evidence|current|rationale|reason|why|due(?: date)?|deadline|category|score|rating)$/i;
const remedyLabels =
  /^(?:mitigations?|fix(?:es)?|solutions?|remed(?:y|iation)|recommend(?:ed|ation)s?(?: actions?)?|actions?(?: items?| required)?|resolution|next steps?)$/i;
const bodyLabels = /^(?:features?|functionality|risks?|impact|issues?|problem|description|details?|current)$/i;
const ratingLabels = /^(?:overall |final |current )?(?:rating|score|grade|readiness(?: score| rating)?|confidence|maturity)$/i;
const legend = /\blegend\b|priority levels?|completion status|status (?:key|legend)|\bsymbols?\b|severity levels?|^key$|meaning of/i;
const references = /\brelated\b|references|see also|\blinks\b|resources|table of contents|^contents$|further reading/i;
const verdictWords =
  /\b(?:(?:production|deployment|launch|release)[- ]ready|ready for (?:production|deployment|launch|release)|approved for (?:production|deployment|release)|deployment approved|go for launch|not ready for production|do not deploy)\b/i;
const ratingWords =
  /^(?:excellent|outstanding|very good|good|fair|poor|adequate|acceptable|strong|weak|ready|not ready|pass(?:ed)?|fail(?:ed)?|complete|approved|a\+?|b\+?|c|d|f)$/i;
const doneWords =
  /^(?:done|complete(?:d)?|yes|implemented|ready|pass(?:ed|ing)?|ok|enabled|configured|in place|approved|verified|resolved|fixed|active|live|good|excellent|x|\[x\])$/i;
const openWords = /^(?:todo|to do|pending|planned|open|in progress|wip|tbd|not started|partial(?:ly)?|scheduled|backlog|\[ \])$/i;
const noWords =
  /^(?:no|missing|failed|fail(?:ing)?|not (?:done|implemented|configured|started|ready|available|tested)|absent|poor|critical|blocked|none)$/i;

/** Every claim and every score of a document, in its order. Never throws; hostile input costs bounded time. */
export async function extract(source: string): Promise<Extraction> {
  const { blocks, lines, repaired, notes } = await blocksOf(source);
  const collector = new Collector(blocks.some((block) => block.type === 'heading'));
  const said = [...notes];
  for (let i = 0; i < blocks.length; i++) i = collector.take(blocks, i);
  collector.closeHeading();
  const claims = collector.claims.slice(0, maxClaims).sort((a, b) => a.line - b.line);
  if (collector.claims.length > maxClaims) said.push(`only the first ${maxClaims} claims are judged`);
  return { claims: claims.map((c, i) => ({ ...c, id: `c${i + 1}` })), scores: collector.scores, lines, repaired, notes: said };
}

class Collector {
  readonly claims: Extracted[] = [];
  /** Whether the document has headings: prose above the first is its title page. */
  constructor(private readonly titled: boolean) {}
  readonly scores: ClaimedScore[] = [];
  private headings: Heading[] = [];
  private label: { text: string; raw: string; line: number } | null = null;
  /** A rule across the page ends what the headings above it say. */
  private cut = false;
  /** The document's overall verdict is a claim once, however often it is repeated. */
  private decided = false;
  private readonly said = new Set<string>();
  private parents: { level: number; text: string; state: ClaimState | null }[] = [];

  /** Reads the block at `i` and those that belong to it; returns the index of the last one read. */
  take(blocks: readonly Block[], i: number): number {
    const block = blocks[i]!;
    if (block.type !== 'heading') {
      const heading = this.headings.at(-1);
      if (heading) heading.blocks++;
    }
    if (block.type !== 'item') this.parents = this.parents.filter((p) => p.level <= block.level);
    switch (block.type) {
      case 'heading':
        this.heading(block);
        return i;
      case 'item':
        return this.item(blocks, i);
      case 'row':
        this.row(block);
        return i;
      case 'paragraph':
        this.paragraph(block);
        return i;
      case 'rule':
        this.cut = true;
        this.label = null;
        this.parents = [];
        return i;
      case 'code':
        this.code(block);
        this.label = null;
        return i;
    }
  }

  private heading(block: Block & { type: 'heading' }): void {
    const last = this.headings.at(-1);
    if (last && block.depth > last.depth) last.claims++;
    this.closeHeading();
    this.cut = false;
    this.label = null;
    this.headings = this.headings.filter((h) => h.depth < block.depth);
    const text = short(cleaned(block.text));
    const score = scoreOf(block.text);
    if (score !== null || (verdictWords.test(text) && this.headings.length > 0)) this.score(block.line, text, block.text, score);
    this.headings.push({
      depth: block.depth,
      text,
      safe: safe(text),
      raw: block.text,
      mark: markOf(block.text),
      line: block.line,
      claims: 0,
      blocks: 0,
    });
  }

  /** A heading with nothing of its own to judge is a claim itself, where its form says so. */
  closeHeading(): void {
    const heading = this.headings.at(-1);
    if (!heading || heading.claims > 0 || heading.text === '' || this.headings.length < 2) return;
    heading.claims++;
    const parents = this.headings.slice(0, -1);
    const above =
      [...parents]
        .reverse()
        .map((h) => stateOfHeading(h.text))
        .find((s) => s !== null) ?? null;
    const listed = /^\d+[.)]\s/.test(heading.text) && above !== null;
    const marked = heading.mark !== null && heading.blocks === 0;
    if ((!listed && !marked) || scoreOf(heading.raw) !== null || verdictWords.test(heading.text)) return;
    const state =
      heading.mark === 'yes'
        ? 'asserts'
        : heading.mark === 'no'
          ? 'denies'
          : (stateOfWords(heading.text) ??
            (isImperative(withoutNumber(heading.text)) && above === 'denies' ? 'recommends' : above) ??
            'none');
    this.headings.pop();
    this.add({ line: heading.line, endLine: heading.line, text: withoutNumber(heading.text), state, kind: 'heading' });
    this.headings.push(heading);
  }

  private item(blocks: readonly Block[], i: number): number {
    const block = blocks[i] as Block & { type: 'item' };
    this.parents = this.parents.filter((p) => p.level < block.level);
    const folded = this.folded(blocks, i);
    if (folded > i) return folded;
    const text = cleaned(block.text.split('\n').join(' '));
    if (this.skipped(text, block)) return i;
    const { label, value } = labelled(text);
    const score = scoreOf(block.text);
    const pureScore = score !== null && withoutScore(value ?? text).length < 4;
    if (ratingLabels.test(label ?? '') || pureScore) {
      this.score(block.line, label ?? text, block.text, score);
      return i;
    }
    if (block.checked === null && ((metaLabels.test(label ?? '') && this.headings.length < 2) || dateValue.test(value ?? ''))) return i;
    const state = this.stateOf(text, block.text, block.checked);
    if (block.children && block.checked === null && markOf(block.text) === null && (text.endsWith(':') || !/\s\S+\s/.test(text))) {
      this.parents.push({ level: block.level, text, state: stateOfHeading(text) });
      return i;
    }
    if (block.children) this.parents.push({ level: block.level, text, state: block.checked === null ? null : state });
    const kind: ClaimKind =
      block.checked !== null
        ? 'checkbox'
        : score !== null
          ? 'score'
          : label !== null && numbersOf(value ?? '').length > 0 && (value ?? '').length < 80
            ? 'metric'
            : block.ordered
              ? 'numbered'
              : 'bullet';
    if (score !== null) this.score(block.line, label ?? text, block.text, score);
    this.add({ line: block.line, endLine: block.endLine, text, state, kind });
    return i;
  }

  /** Items such as File, Features, Status or Risk, Mitigation, Priority describe what their heading or parent item names. */
  private folded(blocks: readonly Block[], i: number): number {
    const first = blocks[i] as Block & { type: 'item' };
    const group: (Block & { type: 'item' })[] = [];
    for (let k = i; k < blocks.length; k++) {
      const block = blocks[k]!;
      if (block.type !== 'item' || block.list !== first.list) break;
      group.push(block);
      if (group.length > 12) return i;
    }
    if (group.length < 2 || group.some((b) => b.checked !== null)) return i;
    const parts = group.map((b) => ({ block: b, raw: b.text, ...labelled(cleaned(b.text.split('\n').join(' '))) }));
    if (!parts.every((p) => p.label !== null && (partLabels.test(p.label) || remedyLabels.test(p.label)))) return i;
    if (!parts.some((p) => bodyLabels.test(p.label!) || remedyLabels.test(p.label!) || /^status$/i.test(p.label!))) return i;
    const parent = this.parents.at(-1);
    const heading = this.headings.at(-1);
    const subject = withoutNumber(parent?.text.replace(/:$/, '') ?? this.label?.text ?? heading?.text ?? '');
    const body = parts.filter((p) => bodyLabels.test(p.label!)).map((p) => p.value);
    const status = parts.find((p) => /^(?:status|state)$/i.test(p.label!));
    const risk = parts.some((p) => /^(?:risks?|issues?|problem|impact)$/i.test(p.label!));
    const stateOfStatus = status ? this.stateOf(status.value ?? '', status.raw, null) : null;
    if (parent) this.claims.splice(this.claims.findLastIndex((c) => c.line < first.line && c.text === parent.text) >>> 0, 1);
    const context = heading && !parent && !this.label ? this.headings.pop() : null;
    this.add({
      line: parent ? first.line - 1 : (this.label?.line ?? heading?.line ?? first.line),
      endLine: group.at(-1)!.endLine,
      text:
        risk && body.some(Boolean)
          ? `${subject} (${body.filter(Boolean).join('; ')})`
          : [subject, body.filter(Boolean).join('; ')].filter(Boolean).join(': '),
      state: risk ? 'denies' : (stateOfStatus ?? 'asserts'),
      kind: 'heading',
    });
    if (context) {
      context.claims++;
      this.headings.push(context);
    }
    for (const remedy of parts.filter((p) => remedyLabels.test(p.label!)))
      this.add({
        line: remedy.block.line,
        endLine: remedy.block.endLine,
        text: `${remedy.label}: ${remedy.value}`,
        state: 'recommends',
        kind: 'bullet',
      });
    return i + group.length - 1;
  }

  private row(block: Block & { type: 'row' }): void {
    const cells = block.cells.map((cell) => ({ raw: cell, text: cleaned(cell) }));
    const head = block.header.map((h) => h.toLowerCase());
    const first = cells[0];
    if (!first || cells.every((c) => c.text === '' && markOf(c.raw) === null)) return;
    const filled = cells.filter((c) => c.text !== '' && !/^[|:\- ]+$/.test(c.text));
    if (filled.length === 0) return;
    const subject = cells.find((c) => /[A-Za-z]{2}/.test(c.text))?.text ?? filled[0]!.text;
    if (metaLabels.test(subject.replace(/:$/, ''))) return;
    const score = cells.map((c) => scoreOf(c.raw)).find((s) => s !== null) ?? null;
    const prose = filled.filter((c) => c.text !== subject && scoreOf(c.raw) === null && !ratingWords.test(c.text));
    if (score !== null && prose.length === 0) {
      this.score(block.line, subject, block.cells.join(' '), score);
      return;
    }
    const marks = cells.map((c) => markOf(c.raw)).find((m) => m !== null) ?? null;
    const statusAt = head.findIndex((h) => /\bstatus\b|\bstate\b|implemented|done|ready|complete|\bresult\b/.test(h));
    const word =
      statusAt >= 0
        ? (cells[statusAt]?.text ?? '')
        : (cells.slice(1).find((c) => doneWords.test(c.text) || openWords.test(c.text) || noWords.test(c.text))?.text ?? '');
    const text = filled
      .filter((c) => c.text !== word && !/^(?:high|medium|low|critical|p\d)$/i.test(c.text))
      .map((c) => c.text)
      .join(': ');
    if (text === '') return;
    const state: ClaimState =
      marks === 'yes' || doneWords.test(word)
        ? 'asserts'
        : marks === 'no' || noWords.test(word)
          ? 'denies'
          : openWords.test(word) || marks === 'planned'
            ? 'plans'
            : marks === 'warning'
              ? 'denies'
              : this.stateOf(text, block.cells.join(' '), null);
    if (score !== null) this.score(block.line, subject, block.cells.join(' '), score);
    this.add({ line: block.line, endLine: block.endLine, text, state, kind: 'table-row' });
  }

  private paragraph(block: Block & { type: 'paragraph' }): void {
    const raw = block.text.split('\n');
    const sameLines = raw.length === block.endLine - block.line + 1;
    const separate =
      raw.length > 1 &&
      raw.every((line) => markOf(line.trim().slice(0, 3)) !== null || /^[^.:]{1,40}:/.test(line.trim()) || /^\[[ xX]\]/.test(line.trim()));
    const units = separate
      ? raw.map((text, k) => ({ text, line: sameLines ? block.line + k : block.line }))
      : [{ text: raw.join(' '), line: block.line }];
    for (const unit of units) this.sentence(unit.text, unit.line, separate ? unit.line : block.endLine);
  }

  private sentence(raw: string, line: number, endLine: number): void {
    const box = /^\s*\[([ xX])\]\s+(.*)$/.exec(raw);
    const text = cleaned(box ? box[2]! : raw);
    if (text === '') return;
    if (box) {
      this.label = null;
      this.add({ line, endLine, text: short(text), state: this.stateOf(text, raw, box[1] !== ' '), kind: 'checkbox' });
      return;
    }
    if (text.endsWith(':')) {
      this.label = { text: text.slice(0, -1), raw, line };
      return;
    }
    this.label = null;
    const { label, value } = labelled(text);
    const score = scoreOf(raw);
    if (
      (verdictWords.test(text) && !/ready\W+(?:after|once|when|if|until)\b/i.test(text)) ||
      ratingLabels.test(label ?? '') ||
      (score !== null && text.length < 60)
    ) {
      this.score(line, label ?? text, raw, score);
      if (this.headings.length < 2 || !/^(?:overall |final )?(?:status|verdict|decision)$/i.test(label ?? '') || this.decided) return;
      this.decided = true;
    }
    if (label !== null && (metaLabels.test(label) || value === null || /^_+$|^$/.test(value) || dateValue.test(value))) return;
    if (/\bready\W+(?:after|once|when|if|until)\b/i.test(label ?? '') && value !== null) {
      this.add({ line, endLine, text, state: 'recommends', kind: 'sentence' });
      return;
    }
    const mark = markOf(raw);
    const explicit = mark === 'yes' || mark === 'no' || mark === 'warning';
    if (label !== null && label.length <= 40 && (value ?? '').length <= 160 && this.headings.length > 1) {
      const weak = !explicit && numbersOf(value ?? '').length === 0 && !/status|verdict/i.test(label);
      this.add({ line, endLine, text, state: this.stateOf(text, raw, null), kind: 'sentence' }, weak);
      return;
    }
    if (this.titled && this.headings.length === 0 && !explicit) return;
    // Sentences one by one; only those that a check covers count.
    const sentences = text.length > 4_000 ? [text.slice(0, maxText)] : text.split(/(?<=[.!?])\s+(?=[A-Z"'(])/);
    for (const sentence of sentences.slice(0, 30)) {
      if (
        sentence.length < 12 ||
        sentence.endsWith(':') ||
        sentence.endsWith('?') ||
        /^(?:use|see|note|refer|this (?:document|checklist|report|guide|page|file|assessment))\b/i.test(sentence)
      )
        continue;
      this.add(
        {
          line,
          endLine,
          text: short(sentence),
          state: this.stateOf(sentence, sentences.length === 1 ? raw : sentence, null),
          kind: 'sentence',
        },
        !(explicit && sentences.length === 1),
      );
    }
  }

  private code(block: Block & { type: 'code' }): void {
    const inherited = this.inherited();
    const label = this.label;
    // Code inside of a list item shows what the item says.
    if (block.level > 0 && !block.lines.some((line) => /^\s*(?:export\s+)?[A-Z][A-Z0-9_]+=/.test(line))) return;
    const nearest = label ? stateOfHeading(label.text) : null;
    for (const part of claimsOfCode(block.language, block.lines, {
      label: label?.text ?? null,
      heading: this.headings.at(-1)?.text ?? '',
    })) {
      const line = block.line + part.at;
      const words = stateOfWords(part.text) ?? (part.good ? 'asserts' : null);
      const required = /\brequired\b|\bmissing\b|\bneeded\b|must/i.test(
        this.headings
          .slice(-2)
          .map((h) => h.text)
          .join(' '),
      );
      const state: ClaimState =
        part.kind === 'env'
          ? words === 'denies'
            ? 'denies'
            : /requirements|recommend/i.test(this.headings.at(-1)?.text ?? '')
              ? 'recommends'
              : required || inherited !== 'recommends'
                ? 'plans'
                : inherited
          : part.command
            ? 'asserts'
            : part.kind === 'diagram'
              ? (nearest ?? inherited ?? 'asserts')
              : (words ?? nearest ?? (isImperative(part.text) ? (inherited ?? 'recommends') : inherited) ?? 'asserts');
      this.add({ line, endLine: line, text: part.text, state, kind: part.kind }, part.weak);
    }
  }

  private score(line: number, subject: string, raw: string, value: number | null): void {
    if (this.scores.length >= 500) return;
    const text = safe(raw.replace(/\n/g, ' '));
    const name = withoutScore(subject);
    const own = /^(?:overall |final |current )?(?:rating|score|status|grade)?$/i.test(name);
    const about = own && !/overall|final|current/i.test(name) ? (this.headings.findLast((h) => h.depth > 1)?.text ?? name) : name;
    this.scores.push({ line, subject: safe(withoutScore(about) || about), text, value });
  }

  /** State that a mark, a box, words, and headings give a text, in this order. */
  private stateOf(text: string, raw: string, checked: boolean | null): ClaimState {
    const words = stateOfWords(text);
    if (checked === false) return 'plans';
    if (checked === true) return words === 'plans' || (words === 'denies' && /not (?:yet )?\w+ed\b/i.test(text)) ? words : 'asserts';
    const mark = markOf(raw);
    const inherited = this.inherited();
    if (mark === 'yes')
      return words === 'recommends' || inherited === 'recommends' ? 'recommends' : words === 'plans' ? 'plans' : 'asserts';
    if (mark === 'no') return 'denies';
    if (mark === 'warning')
      return words === 'recommends' || inherited === 'recommends' ? 'recommends' : words === 'plans' ? 'plans' : 'denies';
    if (mark === 'planned') return words === 'recommends' || inherited === 'recommends' ? 'recommends' : 'plans';
    if (inherited === 'recommends') return words === 'denies' ? 'denies' : 'recommends';
    if (words !== null) return words;
    if (isImperative(withoutNumber(text)))
      return inherited === 'denies' || inherited === null ? 'plans' : inherited === 'asserts' ? 'asserts' : inherited;
    return inherited ?? (this.headings.at(-1)?.mark === 'no' ? 'denies' : 'asserts');
  }

  /** What the parent items, the label and the headings above say, the nearest first. */
  private inherited(): ClaimState | null {
    const parent = [...this.parents].reverse().find((p) => p.state !== null)?.state;
    if (parent) return parent;
    const label = this.label ? stateOfHeading(this.label.text) : null;
    if (label) return label;
    for (const heading of this.cut ? [] : [...this.headings].reverse()) {
      const state = stateOfHeading(heading.text);
      if (state === null) continue;
      // A heading with a tick asserts, whatever its words; the title of the document says nothing about its parts.
      if (heading.mark === 'yes' && state !== 'asserts') return null;
      if (heading === this.headings[0] && this.headings.length > 1 && state !== 'recommends') return null;
      return state;
    }
    return null;
  }

  private skipped(text: string, block: Block & { type: 'item' }): boolean {
    if (/:\s*\**\s*_{2,}\s*$/.test(block.text)) return true;
    if (text === '' || /^[=_\s-]+$/.test(text) || text.startsWith('=') || /:\s*_{3,}$/.test(text)) return true;
    const near = this.label?.text ?? '';
    const heading = this.headings.at(-1)?.text ?? '';
    if (legend.test(near) || legend.test(heading)) return true;
    return block.linkOnly && block.checked === null && (references.test(heading) || references.test(near));
  }

  private add(claim: { line: number; endLine: number; text: string; state: ClaimState; kind: ClaimKind }, weak = false): void {
    if (this.claims.length > maxClaims) return;
    const text = safe(claim.text);
    if (text === '' || !/\p{L}/u.test(text)) return;
    if (weak && this.said.has(text)) return;
    if (weak) this.said.add(text);
    const heading = this.headings.at(-1);
    if (heading) heading.claims++;
    const headingPath = [
      ...this.headings.map((h) => h.safe),
      ...(this.label ? [safe(this.label.text)] : []),
      ...this.parents.filter((p) => p.text !== claim.text).map((p) => safe(p.text.replace(/:$/, ''))),
    ].filter((h) => h !== '');
    this.claims.push({ id: '', ...claim, text, headingPath, numbers: numbersOf(text), weak });
  }
}

/** One line, no control characters, no secrets, bounded. */
const safe = (text: string): string => {
  const line = short(oneLine(text));
  return mayHoldSecret.test(line) && !(prose.test(line) && !/=|:\/\/|[A-Za-z\d+/_-]{16,}/.test(line)) ? maskSecrets(line) : line;
};
/** `Secrets: stored in a vault` speaks about secrets and holds none. */
const prose =
  /^[^:]*:\s+(?:an?|the|all|no|not|in|from|by|via|with|using|is|are|still|only|each|every|proper|properly|strong|separate|secure|stored|managed|kept|rotated|hashed|encrypted|generated|validated|documented|required|missing|minimum|at least|environment|env|bcrypt|argon2|jwt|implemented|configured|enabled|protected|partial|never|must|should|role|database|expire\w*|short|long|random)\b/i;
/** Looking closer costs time, and few lines of a document call for it. */
const mayHoldSecret = /=|:\/\/|[A-Za-z\d+/_.-]{16,}|(?:pass|pwd|secret|token|key|credential|bearer|auth)\w*["']?\s*(?::|is\b)/i;
const short = (text: string): string => (text.length > maxText ? `${text.slice(0, maxText - 1)}…` : text);
const withoutNumber = (text: string): string => text.replace(/^\d+(?:\.\d+)*[.):]?\s+/, '');
const withoutScore = (text: string): string =>
  cleaned(
    text
      .replace(/[⭐★☆]+/gu, ' ')
      .replace(/\(?\s*\d{1,3}(?:\.\d+)?\s*(?:\/|out of)\s*\d{1,3}(?:\.0)?\s*\)?|\d{1,3}(?:\.\d+)?\s*%(?:\s*ready)?/gi, ' '),
  )
    .replace(/\(\s*\)/g, '')
    .replace(/[:\s-]+$/, '')
    .trim();

/** `Label: value`; a label is short and no sentence. */
function labelled(text: string): { label: string | null; value: string | null } {
  const match = /^([^:]{2,60}?)\s*:\s+(.+)$/.exec(text) ?? /^([^:]{2,60}):$/.exec(text);
  if (!match || /https?$/.test(match[1]!)) return { label: null, value: null };
  return { label: match[1]!.trim(), value: match[2]?.trim() ?? null };
}
