/** What a bundle is asked for, what goes into it before anything is masked, and what could not be had. */

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
}

export interface Inputs {
  /** A file of the bundle. */
  add(input: Omit<Input, 'format'> & Partial<Input>): void;
  /** What could not be had, and why. */
  miss(name: string, because: string): void;
}

interface Input {
  readonly name: string;
  readonly text: string;
  readonly format: 'yaml' | 'text';
}

export interface Gathered extends Inputs {
  readonly list: Input[];
  readonly missing: { readonly name: string; readonly because: string }[];
}

export function createInputs(): Gathered {
  const list: Input[] = [];
  const missing: { name: string; because: string }[] = [];
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
