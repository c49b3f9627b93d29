import { say } from './say.js';

// Typed text is kept in this tab only, under the account's own key, so that
// the next person at a shared computer never meets it. Signing out clears it.
const person = document.body.dataset.draftKey;
const leftMark = 'tilgang-left';

export default function draft(root) {
  if (document.body.dataset.signed === 'false') { sessionStorage.setItem(leftMark, '1'); return; }
  for (const form of root.querySelectorAll('form[data-leaves]')) form.addEventListener('submit', () => sessionStorage.clear());
  if (!person) return;
  for (const form of root.querySelectorAll('form[data-draft]')) keep(form);
  sessionStorage.removeItem(leftMark);
}

function keep(form) {
  const key = `tilgang-draft:${person}:${form.dataset.draft}`;
  const saved = JSON.parse(sessionStorage.getItem(key) || 'null');
  const left = sessionStorage.getItem(leftMark);
  if (saved && (left || !saved.sent)) restore(form, saved.values);
  else sessionStorage.removeItem(key);
  let timer;
  const save = (sent) => sessionStorage.setItem(key, JSON.stringify({ sent, values: values(form) }));
  form.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(() => save(false), 300); });
  form.addEventListener('submit', () => { clearTimeout(timer); save(true); });
}

function fields(form) {
  return [...form.elements].filter((f) => f.name && !f.matches('[data-secret], button, [type=password], [type=hidden], [type=file], [autocomplete=one-time-code]'));
}

function values(form) {
  return fields(form).map((f) => [f.name, f.matches('[type=checkbox], [type=radio]') ? [f.value, f.checked] : f.value]);
}

function restore(form, saved) {
  const here = fields(form);
  let changed = false;
  saved.forEach(([name, value], i) => {
    const f = here[i];
    if (!f || f.name !== name) return;
    if (Array.isArray(value)) { if (f.value === value[0] && f.checked !== value[1]) { f.checked = value[1]; changed = true; } }
    else if (f.value !== value) { f.value = value; changed = true; }
  });
  if (!changed) return;
  const p = document.createElement('p');
  p.className = 'notice';
  p.textContent = document.body.dataset.kept;
  form.prepend(p);
  say(p.textContent);
}
