import type { Item } from '../../../model/document.js';

/** A property of an entity: its item, and the name of its column in the database ('' where it has none). */
export interface Property {
  readonly item: Item;
  readonly column: string;
  readonly relation: boolean;
}

/** The name of the column behind a property: what its decorators say, else the property's own, with Id for a relation. */
export function columnOf(name: string, marks: string, relation: boolean): string {
  const given = /@(?:JoinColumn|\w*Column)\s*\([^)]*?\bname\s*:\s*["'`](\w+)["'`]/.exec(marks)?.[1];
  return given ?? (relation ? `${name}Id` : name);
}

/** `userId` beside the relation `user` is one column of the table: it refers as the relation does, and an index of one serves both. */
export function shareJoinColumns(properties: readonly Property[]): void {
  for (const relation of properties.filter((p) => p.relation)) {
    const plain = properties.find((p) => !p.relation && p.column === relation.column);
    if (!plain) continue;
    const { constrained, constraintOff, references } = relation.item;
    const indexed = relation.item['indexed'] === true || plain.item['indexed'] === true;
    Object.assign(plain.item, { refers: true, constrained, constraintOff, references, indexed });
    Object.assign(relation.item, { indexed });
  }
}
