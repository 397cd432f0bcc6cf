/** The YAML parser, loaded when the first file is read: commands that read none start without it. */

export type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';

export type Yaml = typeof import('yaml');

export function loadYaml(): Promise<Yaml> {
  return import('yaml');
}
