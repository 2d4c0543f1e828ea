import type { Finding } from '../model/report.js';

/** `until 2026-12-31 by platform`, or `by comment at app.py:12`, which holds as long as the comment stands. Not escaped. */
export const acceptedBy = ({ owner, expires }: NonNullable<Finding['waiver']>): string =>
  expires === null ? `by ${owner}` : `until ${expires} by ${owner}`;

/** For columns: the last day, or what ends it where a comment does. */
export const acceptedUntil = (waiver: NonNullable<Finding['waiver']>): string => waiver.expires ?? 'removed';
