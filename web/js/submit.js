import { say } from './say.js';

/** Sends a form once, however often the button is pressed; shows a spinner after 400 ms and words after 4 s. */
export default function submit(forms) {
  for (const form of forms) {
    form.addEventListener('submit', (e) => {
      if (e.defaultPrevented) return;
      if (form.dataset.sent) { e.preventDefault(); return; }
      form.dataset.sent = '1';
      const button = e.submitter || form.querySelector('button:not([type=button])');
      form.waiting = [
        setTimeout(() => { button?.classList.add('is-busy'); button?.setAttribute('aria-busy', 'true'); }, 400),
        setTimeout(() => words(form), 4000),
      ];
    });
  }
}

function words(form) {
  const p = document.createElement('p');
  p.className = 'waiting';
  p.textContent = document.body.dataset.wait;
  form.append(p);
  say(p.textContent);
}

// A page that comes back from the browser's memory must be usable again.
addEventListener('pageshow', (e) => {
  if (!e.persisted) return;
  for (const form of document.querySelectorAll('form[data-sent]')) {
    delete form.dataset.sent;
    form.waiting?.forEach(clearTimeout);
    form.querySelector('.waiting')?.remove();
    for (const b of form.querySelectorAll('.is-busy')) { b.classList.remove('is-busy'); b.removeAttribute('aria-busy'); }
  }
});
