/** Select-all and a count for tables with a checkbox in each row. */
export default function many(forms) {
  for (const form of forms) {
    const all = form.querySelector('[data-all]');
    const bar = form.querySelector('.bulk');
    const count = form.querySelector('.bulk-count');
    const rows = [...form.querySelectorAll('tbody .tick input')];
    if (!all || !rows.length) continue;
    const empty = count.textContent;
    const show = () => {
      const n = rows.filter((r) => r.checked).length;
      all.checked = n === rows.length;
      all.indeterminate = n > 0 && n < rows.length;
      bar.classList.toggle('is-on', n > 0);
      count.textContent = n ? `${n} ${count.dataset.countWords}` : empty;
    };
    all.hidden = false;
    all.addEventListener('change', () => { for (const r of rows) r.checked = all.checked; show(); });
    for (const r of rows) r.addEventListener('change', show);
    show();
  }
}
