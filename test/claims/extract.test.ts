import { describe, expect, it } from 'vitest';
import { extract } from '../../src/claims/extract.js';

const read = async (text: string) => (await extract(text)).claims.map((c) => `${c.line} ${c.state} ${c.kind} ${c.text}`);

describe('extract', () => {
  it('reads boxes, with their line and heading path', async () => {
    const { claims } = await extract(
      '# Launch\n\n## Security\n\n- [x] **HTTPS** is `enforced`\n- [ ] Second factor\n\n  more text\n- [X] Logs\n  - [ ] rotated\n',
    );
    expect(claims.map((c) => [c.line, c.state, c.kind, c.text, c.headingPath.join(' > ')])).toEqual([
      [5, 'asserts', 'checkbox', 'HTTPS is enforced', 'Launch > Security'],
      [6, 'plans', 'checkbox', 'Second factor', 'Launch > Security'],
      [9, 'asserts', 'checkbox', 'Logs', 'Launch > Security'],
      [10, 'plans', 'checkbox', 'rotated', 'Launch > Security > Logs'],
    ]);
  });

  it('reads marks, and lets words and headings qualify them', async () => {
    expect(
      await read(
        '# A\n## Done\n- ✅ Logs are structured\n- ❌ Backups\n- ⚠️ Certificates expire soon\n- ✅ Rate limits ready (recommended to implement)\n- Tracing is not configured\n- No known vulnerabilities\n## Recommendations\n- ⚙️ Rotate the logs\n1. ✅ Install a certificate\n## Known gaps\n- Audit trail\n- Add a runbook\n## Next steps\n1. Add dashboards\n',
      ),
    ).toEqual([
      '3 asserts bullet Logs are structured',
      '4 denies bullet Backups',
      '5 denies bullet Certificates expire soon',
      '6 recommends bullet Rate limits ready (recommended to implement)',
      '7 denies bullet Tracing is not configured',
      '8 asserts bullet No known vulnerabilities',
      '10 recommends bullet Rotate the logs',
      '11 recommends numbered Install a certificate',
      '13 denies bullet Audit trail',
      '14 plans bullet Add a runbook',
      '16 recommends numbered Add dashboards',
    ]);
  });

  it('reads tables: status columns are claims, ratings are scores', async () => {
    const { claims, scores } = await extract(
      '# A\n## B\n\n| Area | Status | Note |\n|---|---|---|\n| Rate limiting | ✅ Done | slowapi |\n| Backups | Missing | |\n| Tracing | Planned | |\n\n| Category | Rating | |\n|---|---|---|\n| Security | ⭐⭐⭐⭐ | GOOD |\n| Tests | 7/10 | |\n',
    );
    expect(claims.map((c) => `${c.line} ${c.state} ${c.text}`)).toEqual([
      '6 asserts Rate limiting: slowapi',
      '7 denies Backups',
      '8 plans Tracing',
    ]);
    expect(scores.map((s) => [s.line, s.subject, s.value])).toEqual([
      [12, 'Security', 80],
      [13, 'Tests', 70],
    ]);
  });

  it('reads scores and metrics', async () => {
    const { claims, scores } = await extract(
      '# A\n## Score: 89/100\n- Security: 85/100 (needs a vault)\n## Tests\n- **Total Tests**: 5,737\n- **Coverage**: > 80 %\n- Passwords hashed with bcrypt (12 rounds)\n- RTO < 4 hours\n\n**Overall Rating**: ⭐⭐⭐⭐½ (4.9/5.0)\n',
    );
    expect(scores.map((s) => [s.line, s.value])).toEqual([
      [2, 89],
      [3, 85],
      [10, 98],
    ]);
    expect(claims.map((c) => [c.line, c.state, c.numbers.map((n) => `${n.bound}${n.value} ${n.unit}`.trim()).join()])).toEqual([
      [3, 'denies', '=85'],
      [5, 'asserts', '=5737'],
      [6, 'asserts', '>80 %'],
      [7, 'asserts', '=12 rounds'],
      [8, 'asserts', '<4 hours'],
    ]);
  });

  it('folds what qualifies an item into it', async () => {
    expect(
      await read(
        '# A\n## Risks\n### 1. No rate limits\n- **Risk**: Abuse\n- **Mitigation**: Add slowapi\n- **Priority**: High\n## Parts\n### Cache ✅\n- **File**: `cache.py`\n- **Features**: Redis, TTL\n- **Status**: ✅ Done\n',
      ),
    ).toEqual([
      '3 denies heading No rate limits (Abuse)',
      '5 recommends bullet Mitigation: Add slowapi',
      '8 asserts heading Cache: Redis, TTL',
    ]);
  });

  it('reads blocks of settings, with secrets masked, and comments in code as weak claims', async () => {
    const secret = ['sk', 'live', 'abcdefghij0123456789'].join('_');
    const { claims } = await extract(
      `# A\n## Variables required\n\`\`\`bash\n# Core\nexport DEBUG=false\nSTRIPE_KEY=${secret}\n\`\`\`\n## Guide\n\`\`\`sh\n# Apply all migrations\nalembic upgrade head\n\`\`\`\n`,
    );
    expect(claims.map((c) => [c.line, c.kind, c.weak, c.text.replace(/=.*/, '')])).toEqual([
      [5, 'env', false, 'DEBUG'],
      [6, 'env', false, 'STRIPE_KEY'],
      [10, 'code-comment', true, 'Apply all migrations'],
    ]);
    expect(JSON.stringify(claims)).not.toContain(secret);
  });

  it('reads HTML, a docstring around the text, a comment around it, and front matter', async () => {
    expect(
      await read('# A\n<ul>\n<li><input type="checkbox" checked> Logs</li>\n<li><input type="checkbox"> Alerts</li>\n</ul>\n'),
    ).toEqual(['3 asserts checkbox Logs', '4 plans checkbox Alerts']);
    expect(await read('"""Checklist\n\nUse it.\n"""\n\n# A\n- [x] Logs\n')).toEqual(['7 asserts checkbox Logs']);
    expect(await read('/*\n * # A\n * - [x] Logs\n * - [ ] Alerts\n */\n')).toEqual(['3 asserts checkbox Logs', '4 plans checkbox Alerts']);
    expect(await read('---\ntitle: x\n---\n# A\n- [x] Logs\n')).toEqual(['5 asserts checkbox Logs']);
  });

  it('leaves out what is no claim: dates, legends, signatures, related documents', async () => {
    expect(
      await read(
        '# A\n**Date**: March 1, 2026\n**Reviewed By**: ____\n\n## Legend\n- ✅ = done\n- 🔴 **Critical**: must be done\n\n## Related documents\n- [Guide](./guide.md)\n\n## Sign-off\n- **Approved by**: ____\n',
      ),
    ).toEqual([]);
  });

  it('reads diagrams of boxes', async () => {
    const { claims } = await extract(
      '# A\n## Stack\n```\n┌──────────┐   ┌─────────┐\n│ Load     │───│ Redis   │\n│ balancer │   │ (cache) │\n└──────────┘   └─────────┘\n```\n',
    );
    expect(claims.map((c) => c.text)).toEqual(['Load balancer', 'Redis (cache)']);
  });

  it('gives every claim a line of the document that holds its first words', async () => {
    const source =
      '# A\n\n1. One thing is done\n\n   and explained\n\n2. Two things are done\n\n> - [x] quoted item\n\n* [x] a\n* [ ] b\n\n| x | y |\n|---|---|\n| row one | ✅ |\n\ntext\n\n- [x] last item\n';
    const lines = source.split('\n');
    const { claims } = await extract(source);
    expect(claims.length).toBeGreaterThanOrEqual(6);
    for (const claim of claims) expect(lines[claim.line - 1]).toContain(claim.text.split(' ')[0]);
  });
});
