import { checklistSchema, type ChecklistSource } from '../model/checklist.js';
import type { Problem } from '../model/error.js';
import { locate } from './files.js';
import { validate, type Fault } from './issues.js';
import { parseSource, type YamlSource } from './source.js';

/** One checklist file, validated in itself; names of checks are held against the known ones when it is resolved. */
export function parseChecklist(
  file: string,
  text: string,
): { content: ChecklistSource | null; source: YamlSource; problems: readonly Problem[] } {
  const source = parseSource(file, text);
  if (source.problems.length > 0) return { content: null, source, problems: source.problems };
  const parsed = validate(checklistSchema, source.value);
  const faults: Fault[] = parsed.value === null ? parsed.faults : dateFaults(parsed.value);
  return { content: faults.length > 0 ? null : parsed.value, source, problems: faults.map((fault) => locate(source, fault)) };
}

/** Dates must exist in the calendar, an attestation cannot expire before it was made, and one of not-applicable has a condition. */
function dateFaults(content: ChecklistSource): Fault[] {
  const faults: Fault[] = [];
  const verify = (date: string, path: (string | number)[]): void => {
    const time = new Date(`${date}T00:00:00Z`);
    if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== date) {
      faults.push({ path, on: 'value', message: `\`${date}\` is not a day in the calendar` });
    }
  };
  content.waivers?.forEach((waiver, index) => verify(waiver.expires, ['waivers', index, 'expires']));
  content.attestations?.forEach((attestation, index) => {
    if (attestation.outcome === 'not-applicable' && attestation.while === undefined) {
      faults.push({
        path: ['attestations', index, 'outcome'],
        on: 'value',
        message: 'a not-applicable attestation needs `while`, the condition that reopens it when it no longer holds',
        hint: 'CEL over `uses` and `has`, for example: while: "!has.file_upload"',
      });
    }
    verify(attestation.on, ['attestations', index, 'on']);
    verify(attestation.expires, ['attestations', index, 'expires']);
    if (attestation.expires < attestation.on) {
      faults.push({
        path: ['attestations', index, 'expires'],
        on: 'value',
        message: `the attestation expires (${attestation.expires}) before it was made (${attestation.on})`,
      });
    }
  });
  return faults;
}
