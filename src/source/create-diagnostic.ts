/** Makes a Diagnostic from a code of the closed list and a mark in a file. Pure; the text is final, the rendering is not. */

import type { Diagnostic } from '../model/diagnostic.ts';
import { maskSecretShapes } from '../model/secret-shapes.ts';
import type { DiagnosticCode } from './diagnostic-codes.ts';
import type { Mark } from './mark.ts';

export interface DiagnosticDetails {
  readonly hint?: string | undefined;
  readonly severity?: 'error' | 'warning';
  readonly related?: { readonly message: string; readonly mark: Mark };
}

export function createDiagnostic(
  code: DiagnosticCode,
  message: string,
  mark: Mark,
  details: DiagnosticDetails = {},
): Diagnostic {
  const { hint, severity = 'error', related } = details;
  return {
    code,
    severity,
    message,
    ...(hint === undefined ? {} : { hint }),
    position: mark.position,
    length: mark.length,
    ...(related === undefined
      ? {}
      : { related: { message: related.message, position: related.mark.position } }),
  };
}

const QUOTED_LENGTH_MAX = 80;

/** The text in backquotes for a message: shortened, on one line, and never a token. */
export function quote(text: string): string {
  const line = maskSecretShapes(text, '***').replaceAll(/\s+/g, ' ');
  const characters = Array.from(line);
  const short =
    characters.length > QUOTED_LENGTH_MAX ? `${characters.slice(0, QUOTED_LENGTH_MAX).join('')}…` : line;
  return `\`${short}\``;
}
