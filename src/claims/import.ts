import { stringify } from 'yaml';
import { decisiveConfidence } from './judge.js';
import type { Understood } from './verify.js';

interface Item {
  text: string;
  checks?: string[];
  attestation?: { owner: string; on: string; evidence: string; expires: string };
}

/** A checklist made of a document: sections and items in its order, as readiness.yaml. */
export interface Imported {
  readonly yaml: string;
  readonly items: number;
  /** Items that checks decide. */
  readonly matched: number;
}

const maxText = 500;

/**
 * The document as a checklist: what a check covers is decided by it, with the parameters that the text gives; everything else is a
 * line to be signed, with owner, date, evidence and expiry to fill in. Nothing is left out.
 */
export function importChecklist(understood: Understood, title: string, known: ReadonlySet<string>): Imported {
  const sections: { title: string; items: Item[] }[] = [];
  const checks = new Set<string>();
  let matched = 0;
  for (const { claim, matches, groups } of understood.claims) {
    const decided = (matches[0]?.confidence ?? 0) >= decisiveConfidence ? [...new Set(groups.flat())].filter((id) => known.has(id)) : [];
    const name = claim.headingPath.slice(claim.headingPath.length > 1 ? 1 : 0).join(' / ') || title;
    let section = sections.at(-1);
    if (section?.title !== name) sections.push((section = { title: name, items: [] }));
    const text = claim.text.slice(0, maxText);
    if (decided.length > 0) {
      matched++;
      decided.forEach((id) => checks.add(id));
      section.items.push({ text, checks: decided });
    } else section.items.push({ text, attestation: { owner: '', on: '', evidence: '', expires: '' } });
  }
  const params: Record<string, { params: Record<string, number> }> = {};
  for (const setting of understood.params) {
    const [, id, name, value] = /^([^.]+)\.([^=]+)=(.*)$/.exec(setting)!;
    if (checks.has(id!)) params[id!] = { params: { [name!]: Number(value) } };
  }
  const content = {
    title,
    ...(checks.size > 0 ? { only: [...checks].sort() } : {}),
    ...(Object.keys(params).length > 0 ? { checks: params } : {}),
    sections,
  };
  const head = [
    'Made by `readiness import`. Each line of the document is an item: `checks` decide it, or a person signs it.',
    'To sign, fill in owner, on (YYYY-MM-DD), evidence (a link or document), and expires (YYYY-MM-DD).',
  ];
  const yaml = `${head.map((line) => `# ${line}`).join('\n')}\n${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`;
  return { yaml, items: sections.reduce((sum, s) => sum + s.items.length, 0), matched };
}
