/** Names of documents in which people say how ready their project is. */
const title =
  /\breadiness\b|\bgo[ _-]?live\b|\b(?:production|deploy(?:ment)?|launch|release)[ _-](?:\w+[ _-])?(?:check[ _-]?list|assessment|certification|status|analysis)\b|\bsecurity[ _-]check[ _-]?list\b/i;

/** Boxes and marks of approval, also where UTF-8 was read as another encoding. */
const marks = /\[[ xX]\] |✅|✔|❌|⚠|⭐|✓|✗|âœ|â[šŒ]|ðŸ|ğŸ|‚úÖ|üö/gu;

const ticks = 8;
const head = 400;

/**
 * Whether a document assesses its project: its name or its beginning says so, and it ticks off eight or more points. What such a
 * document claims is what an audit is asked about, and so never counts as evidence.
 */
export function isAssessment(path: string, text: string): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '');
  if (!title.test(file.replaceAll('_', ' ')) && !title.test(text.slice(0, head))) return false;
  return (text.match(marks)?.length ?? 0) >= ticks;
}

/** Headings under which such a document tells how to do something. */
const procedure =
  /\b(?:guide|steps?|procedures?|instructions?|how to|roll(?:ing)?[ -]?back|restor\w+|recover\w*|runbook|install\w*|set[ -]?up)\b/i;
const targets = /\b(?:targets?|objectives?|thresholds?|slos?|slas?)\b/i;

/**
 * Whether a list, a table or code under a heading of such a document only claims something. Targets define what they name; steps
 * under the heading of a procedure tell what to do, unless they are ticked off.
 */
export function claims(heading: string, raw: string): boolean {
  if (targets.test(heading)) return false;
  return !procedure.test(heading) || raw.match(marks) !== null;
}
