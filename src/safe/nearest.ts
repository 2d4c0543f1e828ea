import { distance } from 'fastest-levenshtein';

/**
 * The candidate that `word` was probably meant to be, compared without case, or null where none is near: at most one edit for
 * words of up to 4 characters, two up to 8, a third of the length beyond. The first of equally near candidates wins.
 */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const wanted = word.toLowerCase();
  const allowed = wanted.length <= 4 ? 1 : wanted.length <= 8 ? 2 : Math.floor(wanted.length / 3);
  let best: string | null = null;
  let bestDistance = allowed + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - wanted.length) >= bestDistance) continue;
    const d = distance(wanted, candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}
