import { expect, it } from 'vitest';
import { conditionsOver } from '../../src/evaluate/conditions.js';
import type { Report } from '../../src/model/report.js';

const inventory: Report['inventory'] = {
  kinds: [],
  languages: [],
  technologies: [{ id: 'fast-api', title: 'FastAPI', kind: 'framework', evidence: [] }],
  capabilities: ['rate-limiting'],
  traits: [{ id: 'file-upload', title: 'takes files', evidence: [] }],
  deployables: [{ name: 'web', root: 'web', auxiliary: false, traits: ['web-ui'], evidence: [] }],
};

it('conditions are answered from the inventory, for a deployable from its own traits', () => {
  const holds = conditionsOver(inventory);
  expect(holds('uses.fast_api && has.rate_limiting && has.file_upload', null)).toBe(true);
  expect(holds('!has.file_upload && has.web_ui', 'web')).toBe(true);
  expect(holds('!has.file_upload', 'unheard of')).toBe(false);
  expect(() => holds('1 + 1', null)).toThrow();
});
