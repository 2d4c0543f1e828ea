import type { Combiner, Reader } from '../model/document.js';
import { corsCombiner, corsReaders } from './concepts/cors/index.js';
import { startsCombiners, startsReaders } from './concepts/starts/index.js';
import { compose, composeCombiner } from './formats/compose.js';
import { dockerfile } from './formats/dockerfile.js';
import { dotenv } from './formats/dotenv.js';
import { ini } from './formats/ini.js';
import { json } from './formats/json.js';
import { properties } from './formats/properties.js';
import { toml } from './formats/toml.js';
import { xml } from './formats/xml.js';
import { yaml } from './formats/yaml.js';

/** Every reader, by format and concept. */
export const readers: readonly Reader[] = [
  compose,
  dockerfile,
  dotenv,
  ini,
  json,
  properties,
  toml,
  xml,
  yaml,
  ...startsReaders,
  ...corsReaders,
];

/** What joins items of one concept across files. */
export const combiners: readonly Combiner[] = [composeCombiner, ...startsCombiners, corsCombiner];
