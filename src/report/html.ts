import { createHash } from 'node:crypto';
import type { Evidence } from '../model/evidence.js';
import type { Finding, Report, Score, Verdict } from '../model/report.js';
import { assess, type Assessment, type CategoryStatus } from './assessment.js';
import { changesHtml } from './changes.js';
import type { Format } from './format.js';
import { script } from './html-script.js';
import { style } from './html-style.js';
import { html, trusted, type Markup } from './html-text.js';
import type { TargetRow } from './targets.js';
import { trendBody } from './trend.js';
import { acceptedBy } from './waiver.js';
import {
  categoryTitle,
  codeOf,
  commitText,
  environmentText,
  cut,
  hoursText,
  placeText,
  plural,
  priorities,
  rolledUp,
  scoreText,
  severityOrder,
  starsText,
  verdictMeanings,
  worstFirst,
} from './words.js';

/** Findings whose bodies are part of the page from the start; more than any repository has by the built-in checks. */
const liveBodies = 500;
/** Evidence shown for each finding; the JSON report holds the rest. */
const shownEvidence = 12;

type Tone = 'bad' | 'warn' | 'good' | 'none';
const verdictTones: Readonly<Record<Verdict, Tone>> = {
  'DO NOT DEPLOY': 'bad',
  'NOT READY': 'bad',
  'READY WITH CONDITIONS': 'warn',
  READY: 'good',
};
const statusTones: Readonly<Record<CategoryStatus, Tone>> = {
  EXCELLENT: 'good',
  READY: 'good',
  IMPROVE: 'warn',
  CONDITIONS: 'warn',
  'NOT READY': 'bad',
  BLOCKED: 'bad',
  'NOT VERIFIED': 'none',
  'NOT APPLICABLE': 'none',
};
const scoreTone = (value: number | null): Tone => (value === null ? 'none' : value >= 80 ? 'good' : value >= 50 ? 'warn' : 'bad');

/** One self-contained page: no network, no script but its own, whose hash the content security policy names. */
export const page: Format = {
  name: 'html',
  extension: 'html',
  render(report) {
    const assessment = assess(report);
    const sections = [
      summary(assessment),
      changesHtml(report),
      trendOf(report),
      categories(assessment),
      findings(report),
      path(assessment),
      plan(assessment),
      checklist(assessment),
      risks(assessment),
      unverified(assessment),
      environment(assessment),
      targets(assessment),
      exceptions(assessment),
      notes(report),
      signOff(assessment),
    ].filter((s) => s !== null);
    const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
    return html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta http-equiv="Content-Security-Policy" content="${trusted(policy)}" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="referrer" content="no-referrer" />
          <title>${report.target.name}: ${report.verdict} (${scoreText(report.score.value)})</title>
          ${trusted(`<style>${style}</style>`)}
        </head>
        <body>
          <a class="skip" href="#findings">Skip to the findings</a>
          ${hero(report)}
          <nav aria-label="Sections"><div>${sections.map((s) => html`<a href="#${s.id}">${s.short ?? s.title}</a>`)}</div></nav>
          <main>
            ${sections.map(
              (s) =>
                html`<section id="${s.id}" aria-labelledby="${s.id}-h">
                  <h2 id="${s.id}-h">${s.title}</h2>
                  ${s.body}
                </section> `,
            )}
            <footer>
              ${report.tool.name} ${report.tool.version}, ${report.date.slice(0, 10)}. Computed from evidence in the repository; what could
              not be verified is listed as such.
            </footer>
          </main>
          ${trusted(`<script>${script}</script>`)}
        </body>
      </html>`.value;
  },
};

/** The trend of the kept audits; null where there is only this one. */
const trendOf = ({ history = [] }: Report): Section | null =>
  history.length > 1 ? { id: 'trend', title: 'Trend', body: trendBody(history) } : null;

interface Section {
  readonly id: string;
  readonly title: string;
  /** In the navigation, where the title is too long for it. */
  readonly short?: string;
  readonly body: Markup;
}

const hashOf = (source: string): string => `sha256-${createHash('sha256').update(source).digest('base64')}`;
const tag = (tone: Tone, text: string): Markup => html`<span class="tag ${tone}">${text}</span>`;
const list = (items: readonly (string | Markup)[]): Markup =>
  html`<ul>
    ${items.map((i) => html`<li>${i}</li>`)}
  </ul>`;
const anchor = (finding: Finding): string => `check-${finding.check.replace('/', '-')}`;
const link = (finding: Finding): Markup => html`<a href="#${anchor(finding)}">${finding.title}</a>`;

function hero(report: Report): Markup {
  const { target, score, checklist, counts } = report;
  const live = environmentText(report);
  return html`<header class="top">
    <div>
      <h1>Production readiness: ${target.name}</h1>
      <p class="meta">
        ${commitText(target)} · ${checklist.title} · ${report.date.slice(0, 10)} · ${target.readFiles} of ${target.files} files
        read${live ? ` · ${live}` : ''}
      </p>
      <div class="hero">
        ${gauge(score)}
        <div class="text">
          <p><span class="verdict v-${verdictTones[report.verdict]}">${report.verdict}</span></p>
          <p>${verdictMeanings[report.verdict]}</p>
          <p>
            ${tag('good', `${counts.pass} passed`)} ${tag('bad', `${counts.fail} failed`)}
            ${tag('warn', `${counts.unknown + counts.error} not verified`)} ${tag('none', `${counts['not-applicable']} not applicable`)}
          </p>
        </div>
      </div>
    </div>
  </header>`;
}

/** Half a circle: the score as an arc, the range of what is open as a thin line outside it. */
function gauge({ value, low, high, coverage, stars }: Score): Markup {
  const arc = (radius: number, from: number, to: number): string => {
    const at = (percent: number): string => {
      const angle = Math.PI * (1 - percent / 100);
      return `${(100 + radius * Math.cos(angle)).toFixed(2)} ${(100 - radius * Math.sin(angle)).toFixed(2)}`;
    };
    return `M ${at(from)} A ${radius} ${radius} 0 0 1 ${at(to)}`;
  };
  const range =
    low !== null && high !== null && high > low ? html`<path class="range" d="${arc(94, low, high)}" fill="none" stroke-width="3" />` : '';
  const label = `Score ${scoreText(value)} of 100, coverage ${coverage} %${low === null ? '' : `, between ${low} and ${high}`}`;
  return html`<svg class="gauge" viewBox="0 0 200 128" role="img" aria-label="${label}">
    <path class="track" d="${arc(80, 0, 100)}" fill="none" stroke-width="16" />
    ${value === null || value === 0 ? '' : html`<path class="s-${scoreTone(value)}" d="${arc(80, 0, value)}" fill="none" stroke-width="16" />`}${range}
    <text x="100" y="88" text-anchor="middle" font-size="36" font-weight="700">${value === null ? 'none' : value}</text>
    <text x="100" y="106" text-anchor="middle" font-size="13">${starsText(stars)}</text>
    <text class="small" x="100" y="123" text-anchor="middle" font-size="11">
      ${coverage} % decided${low === null || low === high ? '' : `, ${low} to ${high}`}
    </text>
  </svg>`;
}

/** A sentence in which the ids of checks lead to their findings. */
const linked = (sentence: string, known: ReadonlySet<string>): Markup =>
  html`${sentence
    .split(/([a-z0-9-]+\/[a-z0-9-]+)/)
    .map((part) => (known.has(part) ? html`<a href="#check-${part.replace('/', '-')}">${part}</a>` : part))}`;

function summary({ summary: sentences, report }: Assessment): Section {
  const known = new Set(rolledUp(report).map((f) => f.check));
  const gates = report.gates.map(
    (g) => html`<li>${tag(g.holds ? 'good' : 'bad', g.holds ? 'holds' : 'fails')} ${g.name}: ${g.message}</li>`,
  );
  return {
    id: 'summary',
    title: 'Summary',
    body: html`<div class="card">
      ${list(sentences.map((s) => linked(s, known)))}${
        gates.length > 0
          ? html`<h3>Gates</h3>
              <ul class="plain">
                ${gates}
              </ul>`
          : ''
      }
    </div>`,
  };
}

function categories({ categories: all }: Assessment): Section | null {
  if (all.length === 0) return null;
  const row = (c: (typeof all)[number]): Markup =>
    html`<tr>
      <th scope="row">${c.title}</th>
      <td>${tag(statusTones[c.status], c.status)}</td>
      <td class="bar wide">${bar(c.score.value)}</td>
      <td class="n">${scoreText(c.score.value)}</td>
      <td class="n wide">${c.passes.length}</td>
      <td class="n wide">${c.failures.length + c.waived.length}</td>
      <td class="n wide">${c.unverified.length}</td>
      <td class="n wide">${c.score.coverage} %</td>
    </tr>`;
  return {
    id: 'categories',
    title: 'Categories',
    body: html`<div class="card scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Category</th>
            <th scope="col">Status</th>
            <td class="wide"></td>
            <th scope="col" class="n">Score</th>
            <th scope="col" class="n wide">Pass</th>
            <th scope="col" class="n wide">Fail</th>
            <th scope="col" class="n wide">Open</th>
            <th scope="col" class="n wide">Decided</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(row)}
        </tbody>
      </table>
    </div>`,
  };
}

function bar(value: number | null): Markup {
  const width = value ?? 0;
  return html`<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="f-track" width="100" height="10" rx="2" />
    ${width > 0 ? html`<rect class="f-${scoreTone(value)}" width="${width}" height="10" rx="2" />` : ''}
  </svg>`;
}

const outcomeTones: Readonly<Record<Finding['outcome'], Tone>> = {
  pass: 'good',
  fail: 'bad',
  unknown: 'warn',
  error: 'warn',
  'not-applicable': 'none',
};

/** Failures first, the worst at the top; then what is open, what holds, and what does not apply. */
function findings(report: Report): Section {
  const order: readonly Finding['outcome'][] = ['fail', 'error', 'unknown', 'pass', 'not-applicable'];
  const all = worstFirst(rolledUp(report)).sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const byCheck = new Map<string, Finding[]>();
  for (const f of report.findings) if (f.deployable !== null) byCheck.set(f.check, [...(byCheck.get(f.check) ?? []), f]);
  const option = (value: string, label: string): Markup => html`<option value="${value}">${label}</option>`;
  return {
    id: 'findings',
    title: 'Findings',
    body: html`<form class="filters" id="filters" hidden>
        <label class="grow">Search<input type="search" name="q" placeholder="title, path, text" autocomplete="off" /></label>
        <label
          >Outcome<select name="outcome">
            ${option('', 'all')}${option('fail', 'failed')}${option('unknown error', 'not verified')}${option('pass', 'passed')}${option('not-applicable', 'not applicable')}
          </select></label
        >
        <label
          >Severity<select name="severity">
            ${option('', 'all')}${severityOrder.map((s) => option(s, s))}
          </select></label
        >
        <label
          >Category<select name="category">
            ${option('', 'all')}${report.categories.map((c) => option(c.name, categoryTitle(c.name)))}
          </select></label
        >
        <button type="reset">Reset</button>
      </form>
      <p class="count" id="count" role="status">${plural(all.length, 'check')}</p>
      ${
        all.length > liveBodies
          ? html`<noscript
              ><p>Only the first ${liveBodies} findings can be opened without JavaScript; the JSON report holds all.</p></noscript
            >`
          : ''
      }
      ${all.map((f, i) => card(f, byCheck.get(f.check) ?? [], i >= liveBodies))}`,
  };
}

/** One finding; `late`: its body is a template that the script opens with it, so that thousands stay quick. */
function card(finding: Finding, deployables: readonly Finding[], late: boolean): Markup {
  const { outcome, severity } = finding;
  const state = finding.waiver
    ? 'waived'
    : finding.attestation
      ? 'attested'
      : outcome === 'fail'
        ? finding.kind === 'missing'
          ? 'missing'
          : 'fail'
        : outcome;
  const tone = finding.waiver || finding.attestation ? 'warn' : outcomeTones[outcome];
  const places = finding.evidence.map((e) => e.location?.path ?? '').join(' ');
  // Of what is missing the summary says all there is to say.
  const shown = finding.evidence.filter((e) => finding.kind !== 'missing' || e.location || e.where);
  const search = `${finding.check} ${finding.title} ${finding.summary} ${places}`.toLowerCase().slice(0, 2000);
  const body = html`<div class="body">
    <p>
      <code class="id">${finding.check}</code> · ${finding.phase} · effort:
      ${finding.effort}${finding.rung ? ` · ${finding.rung}` : ''}${finding.total === null ? '' : ` · ${finding.held} of ${finding.total} hold`}
    </p>
    ${shown.slice(0, shownEvidence).map(frame)}${shown.length > shownEvidence ? html`<p>and ${plural(shown.length - shownEvidence, 'more place')}</p>` : ''}
    <dl>
      ${
        finding.disagreement
          ? html`<dt>Declared and observed differ</dt>
              <dd>
                ${finding.disagreement.declared.message} (${placeText(finding.disagreement.declared)}); observed:
                ${finding.disagreement.observed.message} (${placeText(finding.disagreement.observed)})
              </dd>`
          : ''
      }
      ${
        finding.waiver
          ? html`<dt>Waived ${acceptedBy(finding.waiver)}</dt>
              <dd>${finding.waiver.reason}</dd>`
          : ''
      }
      ${
        finding.attestation
          ? html`<dt>Attested by ${finding.attestation.by} on ${finding.attestation.on}, until ${finding.attestation.expires}</dt>
              <dd>${finding.attestation.statement} (${finding.attestation.evidence})</dd>`
          : ''
      }
      ${
        deployables.length > 1
          ? html`<dt>By deployable</dt>
              <dd>${deployables.map((d) => html`${tag(outcomeTones[d.outcome], d.outcome)} ${d.deployable} `)}</dd>`
          : ''
      }
      <dt>Why it matters</dt>
      <dd>${finding.why}</dd>
      ${
        outcome === 'not-applicable'
          ? ''
          : html`<dt>${outcome === 'pass' ? 'How to get there' : 'Recommended'}</dt>
              <dd>
                ${finding.fix.text}${finding.fix.snippet && outcome !== 'pass' ? codeFrame({ line: undefined, text: finding.fix.snippet.trimEnd() }) : ''}
              </dd>`
      }
      ${
        finding.references.length > 0
          ? html`<dt>References</dt>
              <dd>${finding.references.map((r, i) => html`${i > 0 ? ', ' : ''}${reference(r)}`)}</dd>`
          : ''
      }
    </dl>
  </div>`;
  return html`<details
    class="finding"
    id="${anchor(finding)}"
    data-outcome="${outcome}"
    data-severity="${severity}"
    data-category="${finding.category}"
    data-text="${search}"
    data-print="${outcome === 'fail' && (severity === 'critical' || finding.kind !== 'missing') ? 'yes' : ''}"
  >
    <summary>
      ${tag(tone, state)}<span class="title">${finding.title}</span
      ><span class="tag ${severity === 'critical' ? 'bad' : severity === 'important' ? 'warn' : 'none'}">${severity}</span
      ><span class="why">${finding.summary}</span>
    </summary>
    ${late ? html`<template>${body}</template>` : body}
  </details> `;
}

function reference(value: string): Markup {
  return /^https:\/\/[^\s"'<>]+$/.test(value) ? html`<a href="${value}" rel="noopener noreferrer nofollow">${value}</a>` : html`${value}`;
}

/** One piece of evidence with the code that it stands on. */
function frame(e: Evidence): Markup {
  const place = placeText(e);
  const code = codeOf(e);
  return html`<figure>
    <figcaption>${place ? html`<span class="place">${place}</span> ` : ''}${e.message}</figcaption>
    ${code ? codeFrame(code) : ''}
  </figure>`;
}

/** Code with the numbers of its lines, which are no part of the text that is copied. */
function codeFrame({ line, text }: { line: number | undefined; text: string }): Markup {
  const lines = text.split('\n');
  const numbers =
    line === undefined ? '' : html`<span class="gutter" aria-hidden="true">${lines.map((_, i) => line + i).join('\n')}</span>`;
  return html`<pre tabindex="0">${numbers}<code>${text}</code></pre>`;
}

function path({ path: way, report }: Assessment): Section | null {
  if (!way) return null;
  const steps = [
    ...way.fixes.map((f) => html`Fix: ${link(f)} (${f.severity}, ${f.effort})`),
    ...way.verify.map((f) => html`Verify: ${link(f)} (${f.severity})`),
    ...way.settle.map((f) => html`Replace the ${f.waiver ? 'waiver' : 'attestation'} by evidence: ${link(f)}`),
  ];
  const { score, coverage } = report.checklist.thresholds;
  const bound = [...(score === null ? [] : [`score ${score}`]), ...(coverage === null ? [] : [`coverage ${coverage} %`])];
  return {
    id: 'path',
    title: `The cheapest path to ${way.goal}`,
    short: 'Cheapest path',
    body: html`<div class="card">
      <p>
        ${plural(steps.length, 'step')}${way.fixes.length > 0 ? `, about ${hoursText(way.hours)}` : ''}; afterwards the score is
        ${scoreText(way.score)}, coverage ${way.coverage} %${bound.length > 0 ? ` (thresholds: ${bound.join(', ')})` : ''}.
      </p>
      <ol>
        ${steps.map((s) => html`<li>${s}</li>`)}
      </ol>
    </div>`,
  };
}

function plan({ recommendations: { immediate, soon, later }, quickWins, weeks }: Assessment): Section | null {
  if (immediate.length + soon.length + later.length === 0) return null;
  const group = (title: string, all: readonly Finding[]): Markup | string =>
    all.length === 0
      ? ''
      : html`<h3>${title}</h3>
          <ol>
            ${all.map((f) => html`<li>${link(f)}: ${f.fix.text} <small>(${f.effort})</small></li>`)}
          </ol>`;
  return {
    id: 'plan',
    title: 'Recommendations and plan',
    short: 'Plan',
    body: html`<div class="card">
      ${group('Immediately', immediate)}${group('Within 30 days', soon)}${group('Later', later)}
      ${
        quickWins.length > 0
          ? html`<h3>Quick wins</h3>
              <ul>
                ${quickWins.map((w) => html`<li>${link(w.finding)}: +${Math.round(w.gain * 10) / 10} on the score</li>`)}
              </ul>`
          : ''
      }
      <h3>Week by week</h3>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Week</th>
              <th scope="col" class="n">Hours</th>
              <th scope="col">Work</th>
            </tr>
          </thead>
          <tbody>
            ${weeks.slice(0, 12).map(
              (w) =>
                html`<tr>
                  <th scope="row">${w.week}</th>
                  <td class="n">${w.hours}</td>
                  <td>${w.fixes.map((f, i) => html`${i > 0 ? ', ' : ''}${link(f)}`)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </div>`,
  };
}

function checklist({ phases, sections }: Assessment): Section {
  const groups = [...sections, ...phases].filter((g) => g.findings.length > 0);
  const box = (f: Finding): Markup =>
    html`<li>
      <span class="box" aria-hidden="true">${f.outcome === 'pass' ? '☑' : '☐'}</span
      >${link(f)}${f.severity === 'critical' ? html` ${tag('bad', 'critical')}` : ''}
      <small
        >${f.outcome === 'pass' ? 'done' : f.waiver ? 'waived' : f.outcome === 'fail' ? 'open' : f.outcome === 'not-applicable' ? 'not applicable' : 'not verified'}</small
      >
    </li>`;
  return {
    id: 'checklist',
    title: 'Deployment checklist',
    short: 'Checklist',
    body: html`<div class="card">
      ${groups.map(
        (g) =>
          html`<h3>${g.title} (${g.findings.filter((f) => f.outcome === 'pass').length} of ${g.findings.length})</h3>
            <ul class="boxes">
              ${g.findings.map(box)}
            </ul>`,
      )}
    </div>`,
  };
}

function risks({ risks: all }: Assessment): Section | null {
  const listed = all.filter((r) => r.finding.severity !== 'recommended');
  if (listed.length === 0) return null;
  return {
    id: 'risks',
    title: 'Risk register',
    short: 'Risks',
    body: html`<div class="card scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">Risk</th>
            <th scope="col">Impact</th>
            <th scope="col">Mitigation</th>
            <th scope="col">Priority</th>
            <th scope="col">Timeline</th>
          </tr>
        </thead>
        <tbody>
          ${listed.map(
            ({ finding, timeline }) =>
              html`<tr>
                <td>
                  ${finding.kind === 'missing' ? html`Missing: ${link(finding)}` : html`${finding.summary} <small>(${link(finding)})</small>`}
                </td>
                <td>${finding.why}</td>
                <td>${finding.fix.text}</td>
                <td>${priorities[finding.severity]}</td>
                <td>${timeline}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`,
  };
}

function unverified({ unverified: groups }: Assessment): Section | null {
  if (groups.length === 0) return null;
  return {
    id: 'unverified',
    title: 'What was not verified',
    short: 'Not verified',
    body: html`<div class="card">
      ${groups.map(
        (g) =>
          html`<h3>${g.title} (${g.findings.length})</h3>
            <p>${g.how}</p>
            ${g.command ? html`<pre tabindex="0"><code>${g.command}</code></pre>` : ''}
            ${list(g.findings.map((f) => html`${link(f)} (${f.severity}): ${f.summary}`))}`,
      )}
    </div>`,
  };
}

function environment({ environment: all, missingVariables: missing }: Assessment): Section | null {
  if (all.length === 0) return null;
  const state = (v: (typeof all)[number]): Markup =>
    v.set ? tag('good', 'set') : v.hasDefault ? tag('none', 'default') : v.required ? tag('bad', 'missing') : tag('none', 'not set');
  const block = missing.map((v) => `${v.name}=  # ${v.secretLike ? 'secret, ' : ''}${placeText(v)}`).join('\n');
  return {
    id: 'environment',
    title: 'Environment variables',
    short: 'Environment',
    body: html`<div class="card">
      <p>
        ${missing.length > 0 ? `${plural(missing.length, 'required variable')} set nowhere in the repository; to be set where this runs:` : 'Every required variable is set or has a default.'}
      </p>
      ${missing.length > 0 ? html`<pre tabindex="0"><code>${block}</code></pre>` : ''}
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Variable</th>
              <th scope="col">Required</th>
              <th scope="col">Secret</th>
              <th scope="col">Documented</th>
              <th scope="col">State</th>
              <th scope="col">Read at</th>
            </tr>
          </thead>
          <tbody>
            ${all.map(
              (v) =>
                html`<tr>
                  <th scope="row"><code>${v.name}</code></th>
                  <td>${v.required ? 'yes' : 'no'}</td>
                  <td>${v.secretLike ? 'yes' : 'no'}</td>
                  <td>${v.documented ? 'yes' : 'no'}</td>
                  <td>${state(v)}</td>
                  <td>${placeText(v)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>
    </div>`,
  };
}

const targetTones: Readonly<Record<TargetRow['state'], Tone>> = {
  declared: 'good',
  observed: 'good',
  attested: 'warn',
  missing: 'bad',
  wrong: 'bad',
  'not verified': 'none',
};

function targets({ targets: groups }: Assessment): Section | null {
  if (groups.length === 0) return null;
  const row = (r: TargetRow): Markup =>
    html`<li>
      ${tag(targetTones[r.state], r.state)}
      ${link(r.finding)}${r.detail ? html`: <small>${cut(r.detail, 140)}${r.quote ? html` <code>${cut(r.quote, 140)}</code>` : ''}</small>` : ''}
    </li>`;
  return {
    id: 'targets',
    title: 'Targets and alert thresholds',
    short: 'Targets',
    body: html`<div class="card">
      ${groups.map(
        (g) =>
          html`<h3>${g.title} (${g.rows.filter((r) => targetTones[r.state] === 'good').length} of ${g.rows.length})</h3>
            <ul class="plain">
              ${g.rows.map(row)}
            </ul>`,
      )}
    </div>`,
  };
}

function signOff({ report }: Assessment): Section {
  const { target, tool, date, verdict } = report;
  return {
    id: 'sign-off',
    title: 'Sign-off',
    body: html`<div class="card scroll">
      <p>
        ${target.name} at ${commitText(target)}, assessed by ${tool.name} ${tool.version} on ${date.slice(0, 10)}:
        <strong>${verdict}</strong>.
      </p>
      <table class="sign">
        <thead>
          <tr>
            <th scope="col">Role</th>
            <th scope="col">Name</th>
            <th scope="col">Date</th>
            <th scope="col">Signature</th>
          </tr>
        </thead>
        <tbody>
          ${['Engineering', 'Operations', 'Security', 'Product', 'Go-live'].map(
            (role) =>
              html`<tr>
                <th scope="row">${role}</th>
                <td></td>
                <td></td>
                <td></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`,
  };
}

function exceptions({ waived, attested }: Assessment): Section | null {
  if (waived.length + attested.length === 0) return null;
  return {
    id: 'exceptions',
    title: 'Waivers and attestations',
    short: 'Exceptions',
    body: html`<div class="card">
      ${list([
        ...waived.map((f) => html`Waived ${f.waiver && acceptedBy(f.waiver)}: ${link(f)}. ${f.waiver?.reason}`),
        ...attested.map(
          (f) =>
            html`Attested until ${f.attestation?.expires} by ${f.attestation?.by}: ${link(f)}. ${f.attestation?.statement}
            (${reference(f.attestation?.evidence ?? '')})`,
        ),
      ])}
    </div>`,
  };
}

function notes({ notes: all }: Report): Section | null {
  if (all.length === 0) return null;
  return {
    id: 'notes',
    title: 'Notes on this audit',
    short: 'Notes',
    body: html`<div class="card">${list(all.map((n) => `${n.kind}: ${n.message}`))}</div>`,
  };
}
