// The script of the pages that use it, as browsers load it. It adds convenience only: the time that is left counts down, a page
// that shows progress looks again. Times are the server's, because clocks of computers are often wrong.

/** Elements: `data-until` (ISO), `data-now` (ISO, the server's), `data-pattern` (`{}` for the time), `data-ended`. */
export const PAGE_SCRIPT = `'use strict';
(() => {
  const opened = Date.now();
  const units = [['day', 86400], ['hour', 3600], ['minute', 60], ['second', 1]];
  const language = document.documentElement.lang || undefined;
  const list = new Intl.ListFormat(language, { type: 'unit' });
  const say = (count, unit) =>
    new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count);
  const leftOf = (seconds) => {
    const first = units.findIndex(([, size]) => seconds >= size);
    const from = first < 0 ? units.length - 1 : first;
    let rest = seconds;
    const said = [];
    for (const [unit, size] of units.slice(from, from + 2)) {
      const count = Math.floor(rest / size);
      rest -= count * size;
      if (count > 0 || said.length === 0) said.push(say(count, unit));
    }
    return list.format(said);
  };
  for (const element of document.querySelectorAll('[data-until]')) {
    const { until, now, pattern, ended } = element.dataset;
    const show = () => {
      const seconds = Math.floor((Date.parse(until) - Date.parse(now) - (Date.now() - opened)) / 1000);
      const text = seconds > 0 ? pattern.replace('{}', leftOf(seconds)) : ended;
      if (element.textContent !== text) element.textContent = text;
      if (seconds <= 0) clearInterval(timer);
    };
    const timer = setInterval(show, 1000);
    show();
  }
  const progress = document.querySelector('[data-look-again-seconds]');
  if (progress) {
    setInterval(() => {
      if (document.visibilityState === 'visible') location.reload();
    }, Number(progress.dataset.lookAgainSeconds) * 1000);
  }
})();
`;
