/**
 * Every cap on hostile or merely huge input, in one place. What a cap cuts off is said in the report (a note or a problem),
 * never passed over in silence.
 */
export const limits = {
  /** Bytes of a text file that is read at all; larger files are listed and noted. */
  fileBytes: 1_000_000,
  /** Bytes of a file that gets a syntax tree. */
  syntaxBytes: 262_144,
  /** Characters of a line that regular expressions see. */
  lineChars: 2_000,
  /** Entries of the file list. */
  files: 300_000,
  /** Segments of a path. */
  pathDepth: 60,
  /** Nesting of YAML, JSON, TOML and XML documents. */
  documentDepth: 64,
  /** Times that aliases may be resolved in one YAML file. */
  yamlAliases: 1_000,
  /** Values (scalars, lists, maps) of one YAML file, aliases resolved. */
  yamlNodes: 200_000,
  /** Matches kept for one query. */
  matchesPerQuery: 500,
  /** Items or documents kept for one kind. */
  itemsPerKind: 50_000,
  /** Characters of an excerpt in the report. */
  excerptChars: 200,
  /** Newest commits that are looked at. */
  commits: 200,
  /** Milliseconds that one git process may take. */
  gitMs: 10_000,
} as const;
