/** The request for a bundle, its unmasked contents, and what is missing from it. */

import type { Message } from '../../messages/message.ts';
import { say } from '../../messages/say.ts';

export interface BundleRequest {
  /** Where the archive goes; named after the instant when absent. */
  readonly file?: string;
  /** Whether the account is read in full, for a plan. */
  readonly plan: boolean;
  /** Neither the account nor a receiver is contacted. */
  readonly offline: boolean;
}

/** What was packed; `manifest` is in the archive, too, and described by schema/bundle.schema.json. */
export interface BundleReport {
  readonly file: string;
  readonly bytes: number;
  readonly manifest: {
    readonly files: readonly { readonly name: string; readonly masked: number }[];
    readonly missing: readonly { readonly name: string; readonly because: string }[];
    readonly not_looked_for: readonly { readonly name: string; readonly because: string }[];
  };
  /** As in the manifest, for a person. */
  readonly missing: readonly Missing[];
  readonly unread: readonly Missing[];
}

/** What is not in a bundle, or was not looked for in it, and why. */
export interface Missing {
  readonly name: string | Message;
  readonly because: Message;
}

/** As the manifest has it. */
export function toMissingJson({ name, because }: Missing): {
  readonly name: string;
  readonly because: string;
} {
  return { name: typeof name === 'string' ? name : say(name), because: say(because) };
}

export interface Inputs {
  /** A file of the bundle. */
  add(input: Omit<Input, 'format'> & Partial<Input>): void;
  /** What could not be had, and why. */
  miss(name: string, because: Message): void;
}

interface Input {
  readonly name: string;
  readonly text: string;
  readonly format: 'yaml' | 'text';
}

export interface Gathered extends Inputs {
  readonly list: Input[];
  readonly missing: Missing[];
}

export function createInputs(): Gathered {
  const list: Input[] = [];
  const missing: Missing[] = [];
  return {
    list,
    missing,
    add: ({ name, text, format = 'text' }) => void list.push({ name, text, format }),
    miss: (name, because) => void missing.push({ name, because }),
  };
}

/** A JSON document, as it stands in a bundle. */
export function asDocument(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
