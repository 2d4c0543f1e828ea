/** A fault of the user's making: one message, exit code 2. `where` is `file:line:column` or an option's name. */
export class UsageError extends Error {
  constructor(
    message: string,
    readonly where?: string,
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'UsageError';
  }
}

/** One positioned problem in a check, checklist or technology file. Lines and columns start at 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly hint?: string;
}

/** All problems of one load at once. */
export class ChecklistError extends UsageError {
  constructor(readonly problems: readonly Problem[]) {
    super(problems.map((p) => `${p.file}:${p.line}:${p.column}  ${p.message}${p.hint ? `\n    ${p.hint}` : ''}`).join('\n'));
    this.name = 'ChecklistError';
  }
}
