import type { ClaimKind } from '../model/claims.js';

/** What a code block of a document claims: settings, comments that say something, the boxes of a diagram, a command under a label. */
export interface CodeClaim {
  /** Line of the block, from 0. */
  readonly at: number;
  readonly text: string;
  readonly kind: ClaimKind;
  /** Counts only where a check covers it. */
  readonly weak: boolean;
  /** The comment says that the code is good. */
  readonly good?: boolean;
  /** A single command under a label such as "Deployment command". */
  readonly command?: boolean;
}

const environmentLine =
  /^\s*(?:export\s+|set\s+|ENV\s+|-\s+)?([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)\s*(?::\s*(?:str|int|bool|float|Optional\[\w+\])\s*)?=\s*(.*)$/;
const requirementLine = /^\s*([A-Za-z][\w.-]*(?:\[[\w,]+\])?)\s*(?:[<>=~!]=|@)\s*[\w.*^~<>=, -]+$/;
const commentLine = /^\s*(?:#|\/\/|--|;|\/\*|\*)\s*(.+?)\s*(?:\*\/)?\s*$/;
const boxDrawing = /[\u2500-\u257f]/;
const maxParts = 200;

/** Claims of a code block, in the order of its lines. */
export function claimsOfCode(language: string, lines: readonly string[], context: { label: string | null; heading: string }): CodeClaim[] {
  if (lines.some((line) => boxDrawing.test(line)) && !/^(?:tree|text tree)$/.test(language) && !lines.some((line) => /[├└]── /.test(line)))
    return diagram(lines);
  const filled = lines.filter((line) => line.trim() !== '');
  if (filled.length === 1 && context.label !== null && !commentLine.test(filled[0]!) && !environmentLine.test(filled[0]!)) {
    const command = filled[0]!.trim().slice(0, 200);
    return /^(?:json|yaml|yml|python|py|js|ts)$/.test(language)
      ? []
      : [{ at: lines.indexOf(filled[0]!), text: `${context.label}: ${command}`, kind: 'sentence', weak: false, command: true }];
  }
  const settings = filled.filter((line) => environmentLine.test(line)).length;
  const environment = settings > 0 && settings >= filled.filter((line) => !commentLine.test(line)).length * 0.5;
  const result: CodeClaim[] = [];
  const explained = new Set<number>();
  for (const [at, line] of lines.entries()) {
    if (result.length >= maxParts) break;
    const setting = environmentLine.exec(line);
    if (setting && environment) {
      if (explained.has(at)) continue;
      const value = setting[2]!
        .replace(/\s+#.*$/, '')
        .replace(/^["'](.*)["']$/, '$1')
        .slice(0, 120);
      result.push({ at, text: `${setting[1]}=${value}`.replace(/=$/, ''), kind: 'env', weak: false });
      continue;
    }
    const requirement = requirementLine.exec(line);
    if (requirement && language !== 'json' && /\d/.test(line)) {
      result.push({ at, text: line.trim().slice(0, 120), kind: 'code-comment', weak: true });
      continue;
    }
    const comment = commentLine.exec(line)?.[1];
    if (comment === undefined) continue;
    const labelless = comment.replace(/^(?:good|ok|fine|correct)\s*:\s*/i, '').replace(/^(?:add|recommended|needed|current)\s*:\s*/i, '');
    const says =
      labelless.split(/\s+/).length >= 2 &&
      !/^(?:expected|output|returns?|example|e\.g\.|edit|or|note)\b/i.test(labelless) &&
      !/[{};=]|^\$|^!/.test(labelless) &&
      (environment || !labelless.endsWith(':'));
    // In a block of settings, a comment is the headline of a group, unless it says what is needed.
    const headline = environment && !/\b(?:needed|required|recommended|must|should|not for|good|bad)\b/i.test(comment);
    const text = comment.replace(/^(?:good|ok|fine|correct)\s*:\s*/i, '').replace(/:$/, '');
    const one = environment && settingAt(lines, at + 1) && !settingAt(lines, at + 2) ? environmentLine.exec(lines[at + 1]!) : null;
    if (says && !headline && one) {
      // The comment says what the one setting under it is for.
      result.push({ at, text: `${text} (${one[1]})`, kind: 'env', weak: false, good: goodComment.test(comment) });
      explained.add(at + 1);
    } else if (says && !headline)
      result.push({
        at,
        text,
        kind: 'code-comment',
        weak: true,
        good: goodComment.test(comment),
      });
  }
  return result;
}

const goodComment = /^(?:good|ok|fine|correct)\s*:/i;
const settingAt = (lines: readonly string[], at: number): boolean => environmentLine.test(lines[at] ?? '');

/** Labels of the boxes of a drawing; a box of several lines is one label. */
function diagram(lines: readonly string[]): CodeClaim[] {
  const open: { from: number; at: number; text: string }[] = [];
  const result: CodeClaim[] = [];
  const close = (box: { at: number; text: string }): void => {
    const text = box.text
      .replace(/[▼▲►◄→←↓↑]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    if (/\p{L}{3}/u.test(text) && result.length < maxParts)
      result.push({ at: box.at, text: text.slice(0, 120), kind: 'diagram', weak: true });
  };
  for (const [at, line] of lines.entries()) {
    const cells = [...line.slice(0, 400).matchAll(/[│|┃]([^│|┃\u2500-\u257f]+)(?=[│|┃])/g)]
      .map((m) => ({ from: m.index, text: m[1]!.trim() }))
      .filter((cell) => cell.text !== '');
    for (const box of open.slice()) {
      const here = cells.find((cell) => Math.abs(cell.from - box.from) <= 3);
      if (here) {
        box.text += ` ${here.text}`;
        cells.splice(cells.indexOf(here), 1);
      } else {
        open.splice(open.indexOf(box), 1);
        close(box);
      }
    }
    for (const cell of cells) open.push({ from: cell.from, at, text: cell.text });
  }
  open.forEach(close);
  return result;
}
