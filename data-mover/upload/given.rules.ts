// What the recipients of an upload are given, in words.

const WAYS: Record<string, string> = {
  'data-mover': 'with the Data Mover',
  direct: 'as a zip by a direct link',
  copy: 'as a copy into their own Mediaflux project',
};
/** In the order of a duration of ISO 8601. */
const UNITS = ['week', 'day', 'hour', 'minute', 'second'];
const DURATION = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/**
 * @param methods those that the platform offers; undefined where the server does not tell
 * @param linkLifetime of ISO 8601, as in `P30D`; likewise
 */
export function givenToEach(methods: readonly string[] | undefined, linkLifetime: string | undefined): string {
  const lifetime = linkLifetime === undefined ? '' : ` that work for ${spokenDuration(linkLifetime)} from then on`;
  const ways = (methods ?? []).map((method) => WAYS[method] ?? method);
  return `a mail with links${lifetime}${ways.length === 0 ? '' : `, to fetch the data ${listed(ways)}`}`;
}

/** `P30D` as `30 days`; what is no duration of weeks, days, hours, minutes and seconds, as it is. */
export function spokenDuration(text: string): string {
  const numbers = DURATION.exec(text)?.slice(1) ?? [];
  const parts = numbers.flatMap((number: string | undefined, at) =>
    number === undefined ? [] : [`${number} ${UNITS[at] ?? ''}${number === '1' ? '' : 's'}`],
  );
  return parts.length === 0 ? text : listed(parts, 'and');
}

const listed = (parts: readonly string[], word = 'or'): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${word} ${parts.at(-1) ?? ''}`;
