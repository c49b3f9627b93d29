// The same kinds of characters as the server counts: by Unicode category.
const judge = {
  min: (v, n) => [...v].length >= Number(n),
  lower: (v) => /\p{Ll}/u.test(v),
  upper: (v) => /\p{Lu}/u.test(v),
  digit: (v) => /\p{Nd}/u.test(v),
  symbol: (v) => /[^\p{L}\p{N}\s]/u.test(v),
  symbol_or_digit: (v) => /\p{Nd}|[^\p{L}\p{N}\s]/u.test(v),
  not: (v, text) => v !== '' && !v.toLowerCase().includes(text.toLowerCase()),
};

/** Ticks off the password rules while the person types; the server has the last word. */
export default function rules(boxes) {
  for (const box of boxes) {
    const input = document.getElementById(box.dataset.rules);
    const tell = box.querySelector('[data-tell]');
    const all = [...box.querySelectorAll('[data-check]')];
    const items = all.filter((li) => li.dataset.check);
    const servers = all.filter((li) => !li.dataset.check);
    if (!input || !items.length) continue;
    let timer;
    const look = (strict) => {
      if (!strict) servers.forEach((li) => forget(li, tell.dataset));
      const open = items.filter((li) => !mark(li, input.value, strict, tell.dataset));
      clearTimeout(timer);
      timer = setTimeout(() => {
        if (input.value) tell.textContent = open.length ? open.map((li) => `${li.children[3].textContent}: ${tell.dataset.open}`).join('. ') : tell.dataset.all;
      }, 1200);
    };
    input.addEventListener('input', () => look(false));
    input.addEventListener('blur', () => { if (input.value) look(true); });
    if (input.value) look(false); // typed, or filled in by the browser, before this ran
  }
}

// What the server said of the last password says nothing of this one.
function forget(li, words) {
  li.dataset.state = '';
  li.querySelector('[data-word]').textContent = words.later;
}

function mark(li, value, strict, words) {
  const [kind, ...rest] = li.dataset.check.split(':');
  const met = judge[kind] ? judge[kind](value, rest.join(':')) : true;
  li.dataset.state = met ? 'met' : strict ? 'unmet' : '';
  li.querySelector('[data-word]').textContent = met ? words.met : strict ? words.unmet : words.open;
  return met;
}
