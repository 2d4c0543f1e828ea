import type { Report } from '../model/report.js';
import { compileCel } from '../safe/cel.js';

/**
 * Answers conditions of attestations (`!has.file_upload && uses.redis`) from the inventory of a report: of the repository, or with
 * the traits of the deployable that is named. Throws CelError for what is no condition.
 */
export function conditionsOver(inventory: Report['inventory']): (expression: string, deployable: string | null) => boolean {
  const uses = new Set(inventory.technologies.map((t) => t.id));
  const traits = inventory.traits.map((t) => t.id);
  return (expression, name) => {
    const deployable = name === null ? undefined : inventory.deployables.find((d) => d.name === name);
    const has = new Set([...inventory.capabilities, ...(deployable?.traits ?? traits)]);
    return compileCel(expression).holds({ uses, has });
  };
}
