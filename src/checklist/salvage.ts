import type { ChecklistSource } from '../model/checklist.js';

/** Stands where a checklist has something else than the name that belongs there; its own fault is told already. */
export const unread = '\0';

/**
 * What an invalid checklist names (checks, categories, other checklists), so that wrong names are told together with its other
 * faults; null where there is no map to read. Places in lists are kept. For looking at names only: nothing is validated.
 */
export function salvage(value: unknown): ChecklistSource | null {
  if (!isMap(value)) return null;
  const { extends: bases, only, checks, categories, sections, waivers, attestations, checksFolder } = value;
  const exceptions = (list: unknown): object =>
    Array.isArray(list) ? list.map((e) => (isMap(e) ? { ...e, check: name(e['check']) } : { check: unread })) : [];
  return {
    ...(typeof bases === 'string' || (Array.isArray(bases) && bases.every((b) => typeof b === 'string')) ? { extends: bases } : {}),
    ...(Array.isArray(only) ? { only: only.map(name) } : {}),
    ...(isMap(checks) ? { checks: Object.fromEntries(Object.entries(checks).map(([id, setting]) => [id, override(setting)])) } : {}),
    ...(isMap(categories) ? { categories: Object.fromEntries(Object.keys(categories).map((id) => [id, { weight: 1 }])) } : {}),
    ...(Array.isArray(sections)
      ? { sections: sections.map((s) => ({ title: '', checks: isMap(s) && Array.isArray(s['checks']) ? s['checks'].map(name) : [] })) }
      : {}),
    ...(typeof checksFolder === 'string' ? { checksFolder } : {}),
    waivers: exceptions(waivers),
    attestations: exceptions(attestations),
  } as ChecklistSource;
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const name = (value: unknown): string => (typeof value === 'string' ? value : unread);
const override = (setting: unknown): object | string =>
  isMap(setting) && isMap(setting['params']) ? { params: setting['params'] } : setting === 'off' ? 'off' : 'on';
