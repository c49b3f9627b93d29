import { start } from './app.js';
import { say } from './say.js';

/** Fetches the page again and swaps the live part, until the page says it is done. */
export default function poll(parts) {
  for (const part of parts) setTimeout(() => again(part, 0), wait(part, 0));
}

function wait(part, failed) {
  return Math.min(30, (Number(part.dataset.poll) || 2) * 2 ** failed) * 1000;
}

async function again(part, failed) {
  if (document.hidden) {
    document.addEventListener('visibilitychange', () => again(part, failed), { once: true });
    return;
  }
  let fresh;
  try {
    const answer = await fetch(part.dataset.pollUrl || location.href, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
    if (answer.redirected) { location.assign(answer.url); return; }
    if (!answer.ok) throw new Error(String(answer.status));
    fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(part.id);
  } catch {
    setTimeout(() => again(part, failed + 1), wait(part, failed + 1));
    return;
  }
  if (!fresh) { location.reload(); return; }
  swap(part, document.importNode(fresh, true));
}

// place finds the element of the new part that stands for the one with the focus.
function place(e) {
  if (e.id) return `#${CSS.escape(e.id)}`;
  return e.matches('a[href]') ? `a[href="${CSS.escape(e.getAttribute('href'))}"]` : '';
}

function swap(part, fresh) {
  const held = part.contains(document.activeElement) && place(document.activeElement);
  part.replaceWith(fresh);
  if (held) fresh.querySelector(held)?.focus();
  if (fresh.hasAttribute('data-poll')) {
    setTimeout(() => again(fresh, 0), wait(fresh, 0));
    return;
  }
  say((fresh.querySelector('h2, .notice, .progress-words') || fresh).textContent.trim().slice(0, 200));
  start(fresh);
}
