/**
 * new: a failure that the baseline does not have; revealed: its check was not judged there; moved: the same failure at another
 * line or path; fixed: the check no longer finds it; undecided: nobody can tell, since the check is not judged any more.
 */
export const changeStates = ['new', 'revealed', 'moved', 'unchanged', 'fixed', 'undecided'] as const;
export type ChangeState = (typeof changeStates)[number];
/** Causes of a change of score in the order in which they are swapped in. */
export const ledgerParts = ['tool', 'checklist', 'environment', 'code', 'exceptions'] as const;
export type LedgerPartName = (typeof ledgerParts)[number];
