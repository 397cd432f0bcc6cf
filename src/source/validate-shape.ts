/**
 * Checks a parsed file against the JSON Schema, in the schema's own terms; `explain-violation.ts` puts them
 * into words.
 */

import { type Complaint, checkValue, type ValueSchema } from './check-value.ts';
import type { Pointer } from './mark.ts';

/** The parts of a JSON Schema that are read here. */
export interface JsonSchema extends ValueSchema {
  readonly title?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly $ref?: string;
}

export interface Violation {
  readonly keyword: string;
  /** Of the value that is wrong, or of the mapping where a key is missing or unknown. */
  readonly pointer: Pointer;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that was violated. */
  readonly schema: JsonSchema;
  readonly value: unknown;
  /** For the keyword `x-kind`. */
  readonly complaint?: Complaint;
}

/** A file is the main one, or holds only entries and was included by it. */
export type FilePart = 'main' | 'included';

export interface ShapeValidator {
  readonly schema: JsonSchema;
  validate(value: unknown, part?: FilePart): readonly Violation[];
}

/** What ajv made of the schema: true for what satisfies it, else its errors are left on the function. */
interface CompiledCheck {
  call(
    context: { checkKind(text: string, field: ValueSchema): Complaint | undefined },
    value: unknown,
  ): boolean;
  readonly errors?: readonly CompiledError[] | null;
}

interface CompiledError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>> & { readonly complaint?: Complaint };
  readonly parentSchema?: JsonSchema;
  readonly data: unknown;
}

/** Loads the check and the cron parser on first use; `--help` never needs them. */
export async function createConfigurationValidator(): Promise<ShapeValidator> {
  const [compiled, { validate: isCron }] = await Promise.all([
    import('./compiled-schema.ts'),
    import('node-cron'),
  ]);
  const context = { checkKind: (text: string, field: ValueSchema) => checkValue(text, field, isCron) };
  const checks = {
    main: compiled.checkMain as unknown as CompiledCheck,
    included: compiled.checkIncluded as unknown as CompiledCheck,
  };
  return {
    schema: compiled.schema as unknown as JsonSchema,
    validate(value, part = 'main') {
      const check = checks[part];
      return check.call(context, value) ? [] : (check.errors ?? []).map(describeError);
    },
  };
}

function describeError(error: CompiledError): Violation {
  const { complaint, ...params } = error.params;
  return {
    keyword: error.keyword,
    pointer: parsePointer(error.instancePath),
    params: { ...params, ...(isOfKey(error) && { propertyName: error.data }) },
    schema: error.parentSchema ?? {},
    value: error.data,
    ...(complaint && { complaint }),
  };
}

/**
 * Whether the text that was checked is a key itself; the library marks only errors of its own keywords so.
 */
function isOfKey(error: { readonly schemaPath: string }): boolean {
  return error.schemaPath.includes('/propertyNames/');
}

function parsePointer(text: string): Pointer {
  if (text === '') return [];
  return text
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
