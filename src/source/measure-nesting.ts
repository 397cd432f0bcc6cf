/**
 * Refuses text that is nested beyond reason before the YAML parser sees it: text in, an offset or nothing out. The parser
 * recurses, and on Node 20 a nearly full stack makes the engine abort the whole process when it compiles a regular
 * expression there (seen with 100,000 brackets), so catching the overflow is not enough.
 */

/** Far beyond the six levels of a configuration, far below what the stack holds. */
const DEPTH_MAX = 200;
const OPENING = new Set(['[', '{']);
const CLOSING = new Set([']', '}']);

/**
 * Where nesting goes too deep, as an offset into the text. It counts brackets that are open, and spaces and dashes at the
 * beginning of a line; it knows no quotes, so a text with hundreds of unbalanced brackets counts too.
 */
export function findBottomlessNesting(text: string): number | undefined {
  let open = 0;
  let lead = 0;
  let isLead = true;
  for (let offset = 0; offset < text.length; offset += 1) {
    const character = text.charAt(offset);
    if (character === '\n') {
      isLead = true;
      lead = 0;
    } else if (
      isLead &&
      (character === ' ' || character === '-' || character === '?' || character === '\t')
    ) {
      lead += 1;
    } else {
      isLead = false;
      if (OPENING.has(character)) open += 1;
      else if (CLOSING.has(character)) open = Math.max(0, open - 1);
    }
    if (open > DEPTH_MAX || (lead > DEPTH_MAX && isLead)) return offset;
  }
  return undefined;
}
