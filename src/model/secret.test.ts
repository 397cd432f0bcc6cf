import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from './secret.ts';

describe('Secret', () => {
  const secret = new Secret('the text itself');

  it.each([
    ['as text', `${secret}`],
    ['joined', ['', secret, ''].join('')],
    ['as JSON', JSON.stringify({ secret })],
    ['inspected', inspect({ secret }, { showHidden: true, depth: 9 })],
    ['spread', inspect({ ...secret })],
    ['in an error', String(new Error(`failed with ${secret}`))],
  ])('does not show itself %s', (_, shown) => {
    expect(shown).not.toContain('the text itself');
  });

  it('shows itself to who asks for it', () => {
    expect(secret.reveal()).toBe('the text itself');
  });
});
