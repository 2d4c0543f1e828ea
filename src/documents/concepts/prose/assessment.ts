/** Names of documents in which people say how ready their project is. */
const title =
  /\breadiness\b|\bgo[ _-]?live\b|\b(?:production|deploy(?:ment)?|launch|release|security)[ _-](?:\w+[ _-])?(?:check[ _-]?list|assessment|certification|status|analysis)\b/i;

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

/** Lists of targets define what they name, and numbered steps without a mark tell what to do; everything else is a claim. */
export function listsClaims(heading: string, ordered: boolean, raw: string): boolean {
  if (/\b(?:targets?|objectives?|thresholds?|slos?|slas?)\b/i.test(heading)) return false;
  return !(ordered && raw.match(marks) === null);
}
