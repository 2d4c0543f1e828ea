import type { Probe } from '../model/probe.js';
import { code } from './code.js';
import { dependency } from './dependency.js';
import { document } from './document.js';
import { environmentProbes } from './environment.js';
import { file } from './file.js';
import { git } from './git.js';
import { inventory } from './inventory.js';
import { result } from './result.js';
import { secret } from './secret.js';
import { text } from './text.js';
import { unknown } from './unknown.js';

/** Every kind of probe, one line each. */
const registry = [
  file,
  text,
  code,
  document,
  dependency,
  secret,
  git,
  result,
  inventory,
  unknown,
  ...environmentProbes,
] as unknown as Probe<unknown>[];

export const probes: ReadonlyMap<string, Probe<unknown>> = new Map(registry.map((probe) => [probe.name, probe]));
