/** Language negotiation by the Accept-Language header. */

/** `offered`: primary tags such as `en`, the default first. A header that makes no sense gets the default. */
export function chooseLanguage<Tag extends string>(
  header: string | undefined,
  offered: readonly [Tag, ...Tag[]],
): Tag {
  const wishes = (header ?? '').split(',').map((part) => {
    const [range = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const quality = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { primary: range.split('-')[0], quality: quality === undefined ? 1 : Number(quality) };
  });
  const rank = (tag: Tag): number =>
    Math.max(0, ...wishes.filter(({ primary }) => primary === tag).map(({ quality }) => quality || 0));
  const ranked = offered.map((tag) => ({ tag, rank: rank(tag) }));
  return ranked.reduce((best, next) => (next.rank > best.rank ? next : best)).tag;
}
