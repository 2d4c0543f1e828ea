#!/usr/bin/env node
// Measures extraction and matching of claims against labelled documents:
//   node scripts/claims-measure.mjs <items.yaml> <folder with the documents, in the order of their names> [--verbose]
// An item is {id: S<document>-<n>, section, text, claimed: done|open|recommended|risk, checks: [ids]}.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { importTypeScript, root } from './bundle.mjs';

const [itemsFile, folder, ...flags] = process.argv.slice(2);
if (!itemsFile || !folder) {
  process.stderr.write('usage: node scripts/claims-measure.mjs <items.yaml> <folder> [--verbose]\n');
  process.exit(2);
}
const verbose = flags.includes('--verbose');
const parts = ['extract', 'match'].filter((name) => existsSync(join(root, `src/claims/${name}.ts`)));
const { extract, makeMatcher, weakConfidence } = await importTypeScript(
  parts.map((name) => `export * from './claims/${name}.js';`).join('\n'),
);

/** Checks as their files say, without validation. */
function checks() {
  const all = [];
  for (const category of readdirSync(join(root, 'checks'))) {
    if (category.includes('.') || ['technologies', 'traits', 'checklists'].includes(category)) continue;
    for (const file of readdirSync(join(root, 'checks', category)).filter((f) => f.endsWith('.yaml'))) {
      const source = readFileSync(join(root, 'checks', category, file), 'utf8');
      // Title and claims only: what else the file says does not matter here.
      const { title, claims = [] } = parse((source.match(/^(?:title|claims):.*(?:\n(?: .*|$))*/gm) ?? []).join('\n'));
      all.push({ id: `${category}/${file.slice(0, -5)}`, category, title, claims });
    }
  }
  return all;
}

const words = (text) => new Set(text.toLowerCase().match(/[a-z0-9_]+/g) ?? []);
function similarity(a, b) {
  if (b.toLowerCase().startsWith(`${a.toLowerCase()}=`)) return 0.9;
  const x = words(a);
  const y = words(b);
  let shared = 0;
  for (const word of x) if (y.has(word)) shared++;
  return shared === 0
    ? 0
    : Math.max((2 * shared) / (x.size + y.size), 0.9 * (shared / Math.min(x.size, y.size)) * Math.min(1, Math.min(x.size, y.size) / 3));
}

/** Pairs of items and claims, in order, with the greatest total similarity; pairs under 0.45 are none. */
function align(items, claims) {
  const n = items.length;
  const m = claims.length;
  const best = Array.from({ length: n + 1 }, () => new Float64Array(m + 1));
  const sim = items.map((item) => claims.map((claim) => similarity(item.text, claim.text)));
  for (let i = n - 1; i >= 0; i--)
    for (let j = m - 1; j >= 0; j--)
      best[i][j] = Math.max(best[i + 1][j], best[i][j + 1], sim[i][j] >= 0.45 ? sim[i][j] + best[i + 1][j + 1] : 0);
  const pairs = new Map();
  for (let i = 0, j = 0; i < n && j < m;) {
    if (sim[i][j] >= 0.45 && best[i][j] === sim[i][j] + best[i + 1][j + 1]) pairs.set(i++, j++);
    else if (best[i][j] === best[i + 1][j]) i++;
    else j++;
  }
  return pairs;
}

const expected = { done: 'asserts', open: 'plans', recommended: 'recommends', risk: 'denies' };
const items = parse(readFileSync(itemsFile, 'utf8'));
const documents = readdirSync(folder)
  .filter((f) => !f.startsWith('.'))
  .sort();
const matcher = makeMatcher?.(checks(), []);
const total = { items: 0, extracted: 0, state: 0, asserted: 0, spurious: 0, claims: 0, covered: 0, first: 0, three: 0 };
for (const [number, name] of documents.entries()) {
  const wanted = items.filter((item) => item.id.startsWith(`S${number}-`));
  const started = performance.now();
  const extraction = await extract(readFileSync(join(folder, name), 'utf8'));
  const matched = extraction.claims.map((claim) => ({ ...claim, matches: matcher?.match(claim) ?? [] }));
  const ms = Math.round(performance.now() - started);
  const claims = matched.filter((c) => !c.weak || !matcher || (c.matches[0]?.confidence ?? 0) >= weakConfidence);
  const pairs = align(wanted, claims);
  const seen = new Set(pairs.values());
  const row = {
    items: wanted.length,
    extracted: pairs.size,
    state: 0,
    asserted: 0,
    spurious: claims.length - pairs.size,
    claims: claims.length,
    covered: 0,
    first: 0,
    three: 0,
  };
  for (const [i, item] of wanted.entries()) {
    const claim = pairs.has(i) ? claims[pairs.get(i)] : null;
    if (!claim) {
      if (verbose) console.log(`MISSED    ${item.id} [${item.claimed}] ${item.text}`);
    } else {
      const right = claim.state === expected[item.claimed];
      if (right) row.state++;
      if ((claim.state === 'asserts') === (item.claimed === 'done')) row.asserted++;
      if (verbose && !right)
        console.log(`STATE     ${item.id} ${item.claimed} but ${claim.state}: ${claim.text}  «${claim.headingPath.slice(-1)}»`);
    }
    if (!item.checks?.length) continue;
    row.covered++;
    const ids = claim?.matches.map((m) => m.check) ?? [];
    if (item.checks.includes(ids[0])) row.first++;
    if (ids.slice(0, 3).some((id) => item.checks.includes(id))) row.three++;
    if (verbose && claim && matcher && !item.checks.includes(ids[0]))
      console.log(
        `${ids.slice(0, 3).some((id) => item.checks.includes(id)) ? 'SECOND' : 'UNMATCHED'} ${item.id} ${claim.text} «${claim.headingPath.at(-1)}» -> ${claim.matches
          .slice(0, 3)
          .map((m) => `${m.check} ${m.confidence}`)
          .join(', ')}; wanted ${item.checks.join(', ')}`,
      );
  }
  if (verbose)
    claims.forEach((c, j) => !seen.has(j) && console.log(`SPURIOUS  ${name.slice(0, 8)}:${c.line} [${c.kind} ${c.state}] ${c.text}`));
  for (const key of Object.keys(total)) total[key] += row[key];
  print(name.slice(0, 12), row, `${extraction.lines} lines, ${ms} ms, ${extraction.scores.length} scores`);
}
print('all', total, '');

function print(name, r, more) {
  const share = (a, b) => `${((100 * a) / Math.max(1, b)).toFixed(1)} %`;
  console.log(
    `${name.padEnd(12)} ${r.items} items, extracted ${share(r.extracted, r.items)}, state ${share(r.state, r.items)} (asserted or not ${share(r.asserted, r.items)}), spurious ${r.spurious} of ${r.claims} (${share(r.spurious, r.claims)}); first ${share(r.first, r.covered)}, three ${share(r.three, r.covered)}  ${more}`,
  );
}
