/// <reference lib="dom" />
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.js';
import { goldenReport, render } from '../report/golden.js';
import { openChromium } from '../support/chromium.js';
import { temporaryFolder } from '../support/cli.js';

/** The HTML report in a real browser. */

const folder = temporaryFolder();
function pageOf(name: string, report: Report): string {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, render('html', report));
  return pathToFileURL(file).href;
}
const golden = pageOf('golden', goldenReport());

/** 2,000 checks made of those of the golden report. */
function huge(): Report {
  const report = goldenReport();
  const models = report.findings.filter((f) => f.deployable === null);
  report.findings = Array.from({ length: 2000 }, (_, i) => {
    const model = models[i % models.length];
    if (!model) throw new Error('the golden report has no findings');
    return { ...model, check: `${model.category}/check-${i}`, title: `${model.title} (number ${i})` };
  });
  return report;
}

let browser: Awaited<ReturnType<typeof openChromium>>;
let page: Page;
const requests: string[] = [];
const complaints: string[] = [];
beforeAll(async () => {
  browser = await openChromium();
  ({ page } = browser);
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
});
afterAll(() => browser.close());

const shown = (): Promise<number> => page.locator('details.finding:visible').count();
const count = () => page.locator('#count');
const total = goldenReport().findings.filter((f) => f.deployable === null).length;
const inGolden = (holds: (f: Report['findings'][number]) => boolean): number =>
  goldenReport().findings.filter((f) => f.deployable === null && holds(f)).length;

describe('filters', () => {
  it.each([
    ['outcome', 'fail', inGolden((f) => f.outcome === 'fail')],
    ['outcome', 'unknown error', inGolden((f) => f.outcome === 'unknown' || f.outcome === 'error')],
    ['severity', 'critical', inGolden((f) => f.severity === 'critical')],
    ['category', 'security', inGolden((f) => f.category === 'security')],
  ])('%s %s shows %i', async (name, value, expected) => {
    await page.goto(golden);
    await page.locator(`select[name=${name}]`).selectOption(value);
    await count()
      .filter({ hasText: `${expected} of ${total} checks shown` })
      .waitFor();
    expect(await shown()).toBe(expected);
  });

  it('search by words of title, path and text, together with the others, and reset', async () => {
    await page.goto(golden);
    await page.locator('input[name=q]').fill('worker dockerfile');
    await count()
      .filter({ hasText: `2 of ${total}` })
      .waitFor();
    await page.locator('select[name=severity]').selectOption('critical');
    await count()
      .filter({ hasText: `1 of ${total}` })
      .waitFor();
    expect(await page.locator('details.finding:visible .title').allTextContents()).toEqual(['Containers run as a non-root user']);
    await page.getByRole('button', { name: 'Reset' }).click();
    await count()
      .filter({ hasText: `${total} of ${total}` })
      .waitFor();
  });

  it('say how many are shown to who cannot see it', async () => {
    await page.goto(golden);
    expect(await count().getAttribute('role')).toBe('status');
  });
});

describe('keyboard', () => {
  it('reaches the findings by the first link, and opens one', async () => {
    await page.goto(golden);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the findings');
    await page.keyboard.press('Enter');
    await page.locator('details.finding summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details.finding').first().getAttribute('open')).not.toBeNull();
  });

  it('shows where it is: everything that takes the focus has an outline', async () => {
    await page.goto(golden);
    for (let i = 0; i < 30; i++) {
      await page.keyboard.press('Tab');
      const style = await page.evaluate(() => {
        const at = document.activeElement;
        return at && at !== document.body ? `${getComputedStyle(at).outlineStyle} ${getComputedStyle(at).outlineWidth}` : 'nothing';
      });
      expect(style).toMatch(/^(solid|auto) [1-9]/);
    }
  });

  it('a link to a finding opens it, though a filter hides it', async () => {
    await page.goto(golden);
    await page.locator('select[name=outcome]').selectOption('pass');
    await count()
      .filter({ hasText: `${inGolden((f) => f.outcome === 'pass')} of ${total}` })
      .waitFor();
    await page.locator('#risks a[href="#check-containers-non-root-user"]').click();
    const card = page.locator('#check-containers-non-root-user');
    await card.locator('.body').waitFor();
    expect(await card.getAttribute('open')).not.toBeNull();
  });
});

describe('accessibility', () => {
  const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  interface Violation {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }

  it.each(['light', 'dark'] as const)('axe-core has nothing serious or critical to say, %s', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.goto(golden);
    await page.locator('details.finding').evaluateAll((all) => all.slice(0, 12).forEach((d) => d.setAttribute('open', '')));
    await page.evaluate(`${axe}; 0`);
    const violations = (await page.evaluate('axe.run().then((r) => r.violations)')) as Violation[];
    expect(violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual(
      [],
    );
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('has other colours in the dark', async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.goto(golden);
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await background()).not.toBe(light);
    await page.emulateMedia({ colorScheme: 'light' });
  });

  it('needs no scrolling to the side, down to 360 pixels', async () => {
    for (const width of [1280, 700, 360]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(golden);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  });
});

describe('print', () => {
  it('is a PDF of a few pages without controls, with what is critical unfolded', async () => {
    await page.goto(golden);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(pages).toBeGreaterThan(2);
    expect(pages).toBeLessThan(20);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(await page.locator('nav').isVisible()).toBe(false);
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    const open = await page.locator('details.finding[open]').evaluateAll((all) => all.map((d) => d.getAttribute('data-severity')));
    expect(open.filter((s) => s === 'critical').length).toBe(inGolden((f) => f.outcome === 'fail' && f.severity === 'critical'));
    await page.emulateMedia({ media: null });
  });
});

describe('the network', () => {
  it('is never asked for anything, and nothing is complained about', async () => {
    await page.goto(golden);
    await page.locator('details.finding summary').first().click();
    expect(requests.every((url) => url.startsWith('file:'))).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('is not asked by what a repository put there either', async () => {
    const hostile = goldenReport();
    const bad = `<img src="http://127.0.0.1:9/x.png"><script>fetch('http://127.0.0.1:9/')</script><style>@import url(http://127.0.0.1:9/a.css)</style>`;
    hostile.target.name = bad;
    for (const finding of hostile.findings) Object.assign(finding, { title: bad, summary: bad, why: bad });
    const before = requests.length;
    await page.goto(pageOf('hostile', hostile));
    await page.locator('details.finding summary').first().click();
    expect(requests.slice(before).filter((url) => !url.startsWith('file:'))).toEqual([]);
    expect(await page.locator('img, main script, main style').count()).toBe(0);
  });
});

describe('2,000 findings', () => {
  const large = pageOf('huge', huge());

  it('are in a page of bounded size, and filter to what is looked for', async () => {
    await page.goto(large);
    // Bodies beyond the first 500 wait in templates: about a dozen elements for each finding, in all its lists.
    expect(await page.evaluate(() => document.querySelectorAll('*').length)).toBeLessThan(50_000);
    await page.locator('input[name=q]').fill('number 1999');
    await count().filter({ hasText: '1 of 2000 checks shown' }).waitFor();
    expect(await shown()).toBe(1);
  });

  it('open though their bodies were not there', async () => {
    await page.goto(large);
    const last = page.locator('details.finding').last();
    expect(await last.locator('.body').count()).toBe(0);
    await last.locator('summary').click();
    await last.locator('.body').waitFor();
    expect(await last.locator('.body').textContent()).toContain('Why it matters');
  });
});
