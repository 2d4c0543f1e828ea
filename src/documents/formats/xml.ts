import type { Json, Reader } from '../../model/document.js';
import { limits } from '../../safe/limits.js';
import { documentOf, lineIndex, messageOf, Places, type Location } from './text-positions.js';

/**
 * XML (pom.xml, *.csproj, web.config, logback.xml ...): elements as keys, attributes as '@name', text beside attributes or
 * elements as '#text', repeated elements as lists. Text stays text. Entities are not expanded and no DTD is followed.
 */
export const xml: Reader = {
  name: 'format/xml',
  kind: 'xml',
  files: {
    paths: ['*.xml', '*.csproj', '*.fsproj', '*.vbproj', '*.props', '*.targets', '*.config', '*.jmx', '*.plist', '*.xml.dist'],
    roles: ['product', 'config', 'ci', 'script'],
  },
  // Loaded for the first XML file, since it is the largest of the parsers.
  async read(source) {
    const parsed = parseXml(source.text, await import('fast-xml-parser'));
    if ('problem' in parsed) return { problems: [{ path: source.path, line: parsed.line, message: `not valid XML: ${parsed.problem}` }] };
    return { documents: [documentOf('xml', source.path, parsed.root, (location) => parsed.places.nearest(location))] };
  },
};

type Library = typeof import('fast-xml-parser');

/** The elements of an XML text as plain data with their lines, or what is wrong with it. */
function parseXml(text: string, { XMLParser, XMLValidator }: Library): { root: Json; places: Places } | { problem: string; line: number } {
  try {
    const valid = XMLValidator.validate(text, { allowBooleanAttributes: true });
    if (valid !== true) return { problem: valid.err.msg.slice(0, 200), line: valid.err.line };
    const parser = new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
      allowBooleanAttributes: true,
      ignoreDeclaration: true,
      ignorePiTags: true,
      captureMetaData: true,
      maxNestedTags: limits.documentDepth,
    });
    const places = new Places();
    const index = lineIndex(text);
    const scan = {
      text,
      places,
      metadata: XMLParser.getMetaDataSymbol() as unknown as symbol,
      lineOf: (offset: number) => index.placeOf(offset).line,
      searches: 0,
    };
    return { root: convert(parser.parse(text), [], scan), places };
  } catch (error) {
    return { problem: messageOf(error), line: 1 };
  }
}

const entities: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

type Scan = { text: string; places: Places; metadata: symbol; lineOf(offset: number): number; searches: number };

function convert(value: unknown, location: Location, scan: Scan): Json {
  if (Array.isArray(value)) return value.map((member, i) => convert(member, [...location, i], scan));
  if (value === null || typeof value !== 'object') {
    // The five predefined entities only; a document's own are left as written.
    return typeof value === 'string'
      ? value.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => entities[name] ?? '')
      : String(value ?? '');
  }
  const start = (value as Record<symbol, { startIndex?: number } | undefined>)[scan.metadata]?.startIndex;
  if (start !== undefined) scan.places.set(location, scan.lineOf(start));
  for (const [key, member] of Object.entries(value))
    if (start !== undefined && key[0] !== '@' && key[0] !== '#') findLeaves(start, key, member, location, scan);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, convert(member, [...location, key], scan)]));
}

/** The parser gives no offset for elements that hold text alone: they are looked for after their parent's start. */
function findLeaves(start: number, key: string, member: unknown, location: Location, scan: Scan): void {
  let from = start + 1;
  const leaves = Array.isArray(member) ? member : [member];
  for (const [i, leaf] of leaves.entries()) {
    if (typeof leaf === 'object' || scan.searches++ > 20_000) return;
    const found = scan.text.slice(from, from + 4_000).indexOf(`<${key}`);
    if (found < 0) return;
    scan.places.set(Array.isArray(member) ? [...location, key, i] : [...location, key], scan.lineOf(from + found));
    from += found + 1;
  }
}
