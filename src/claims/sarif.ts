import type { ClaimsReport } from '../model/claims.js';
import { oneLine } from '../safe/escape.js';
import { claimsJson } from './render.js';

const rules = [
  {
    id: 'claim/contradicted',
    name: 'ClaimContradicted',
    shortDescription: { text: 'The repository shows the contrary of what the document claims' },
    help: { text: 'Correct the document, or the repository. `readiness verify --write` takes the tick away and says why.' },
    defaultConfiguration: { level: 'error' },
  },
  {
    id: 'claim/unsupported',
    name: 'ClaimUnsupported',
    shortDescription: { text: 'Nothing in the repository supports what the document claims' },
    help: { text: 'Add the evidence to the repository, attest it in readiness.yaml with a link, or correct the document.' },
    defaultConfiguration: { level: 'warning' },
  },
  {
    id: 'claim/outdated',
    name: 'ClaimOutdated',
    shortDescription: { text: 'The document calls open what is done' },
    help: { text: 'Bring the document up to date.' },
    defaultConfiguration: { level: 'note' },
  },
] as const;

/** SARIF 2.1.0 with results on the lines of the document, the evidence as related locations. */
export function claimsSarif(report: ClaimsReport): string {
  const results = report.claims.flatMap((claim) => {
    const index = rules.findIndex((rule) => rule.id === `claim/${claim.verdict}`);
    const rule = rules[index];
    if (!rule) return [];
    const related = claim.evidence.filter((e) => e.location);
    return [
      {
        ruleId: rule.id,
        ruleIndex: index,
        level: rule.defaultConfiguration.level,
        message: { text: `${oneLine(claim.text)}: ${oneLine(claim.reason)}` },
        locations: [location(report.document.path, claim.line, claim.endLine)],
        ...(related.length > 0
          ? {
              relatedLocations: related.map((e, i) => ({
                id: i + 1,
                message: { text: oneLine(e.message) },
                ...location(e.location!.path, e.location!.line ?? 1),
              })),
            }
          : {}),
        partialFingerprints: { 'readinessClaim/v1': fingerprint(`${claim.headingPath.join('/')}\n${claim.text}`) },
        properties: { checks: claim.judgedBy, confidence: claim.matches[0]?.confidence ?? 0 },
      },
    ];
  });
  const run = {
    tool: { driver: { name: report.tool.name, semanticVersion: report.tool.version, rules } },
    automationDetails: { id: 'readiness-claims/' },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { SRCROOT: { description: { text: 'The root of the repository' } } },
    results,
    properties: { honesty: report.honesty, counts: report.counts },
  };
  return claimsJson({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] });
}

const location = (path: string, line: number, endLine = line): object => ({
  physicalLocation: {
    artifactLocation: {
      uri: path
        .split('/')
        .map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd')))
        .join('/'),
      uriBaseId: 'SRCROOT',
    },
    region: { startLine: Math.max(1, line), endLine: Math.max(1, line, endLine) },
  },
});

/** A short stable number of a text (FNV-1a, 64 bits in hexadecimal). */
function fingerprint(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
