// The server ends a quiet session; this warns before it does (WCAG 2.2, 2.2.1:
// at least twenty seconds and one simple act to go on). Tabs of one browser
// tell each other through localStorage when the session was last renewed.
const warnFor = 20;
const mark = 'tilgang-renewed';

export default function idle([dialog]) {
  const life = Number(dialog.dataset.idle) * 1000;
  const final = 'final' in dialog.dataset;
  const loaded = Date.now();
  let active = false;
  let closed = false;
  const note = () => { try { localStorage.setItem(mark, String(Date.now())); } catch { /* storage is off: this tab counts alone */ } };
  const since = () => {
    let other = 0;
    try { other = Number(localStorage.getItem(mark)); } catch { /* as above */ }
    return Date.now() - (final ? loaded : Math.max(loaded, other));
  };
  const renew = async () => {
    const answer = await fetch('/session', { credentials: 'same-origin', headers: { Accept: 'application/json' } }).catch(() => null);
    if (answer) active = false; // without an answer the next tick asks again
    if (answer?.ok) note();
    return answer;
  };
  const stay = async () => {
    const answer = await renew();
    if (answer?.status === 401) { leave(); return; }
    dialog.close();
  };
  const leave = () => location.assign(location.pathname + location.search);
  const tick = () => {
    const left = Math.ceil((life - since()) / 1000);
    if (left <= 0) { leave(); return; }
    if (!final && active && since() > life / 3) renew();
    if (left > warnFor && dialog.open) dialog.close();
    if (left <= warnFor && !dialog.open && !closed) dialog.showModal();
    if (dialog.open) dialog.querySelector('[data-left]').textContent = String(left);
  };
  for (const kind of ['input', 'pointerdown']) {
    document.addEventListener(kind, () => { if (!dialog.open) active = true; }, { passive: true });
  }
  dialog.querySelector('[data-stay]')?.addEventListener('click', stay);
  dialog.querySelector('[data-close]')?.addEventListener('click', () => { closed = true; dialog.close(); });
  dialog.addEventListener('cancel', (e) => { e.preventDefault(); if (final) { closed = true; dialog.close(); } else stay(); });
  note();
  setInterval(tick, 1000);
}
