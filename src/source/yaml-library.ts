/** The YAML parsers, loaded when the first file is read: commands that read none start without them. */

export type { Event as YamlEvent, ScalarEvent } from 'js-yaml';
export type { Alias, Document, Node, Pair, YAMLMap, YAMLSeq } from 'yaml';

/** The one that explains mistakes. */
export type Yaml = typeof import('yaml');

export function loadYaml(): Promise<Yaml> {
  return import('yaml');
}

/** The fast one. */
export type PlainYaml = typeof import('js-yaml');

export function loadPlainYaml(): Promise<PlainYaml> {
  return import('js-yaml');
}
