import { say } from './say.js';

/** Copies, downloads and prints keys and recovery codes. */
export default function copy(boxes) {
  for (const box of boxes) {
    const source = box.querySelector('[data-copy-text]');
    box.querySelector('[data-codes-acts]')?.removeAttribute('hidden');
    const button = box.querySelector('[data-copy-act]');
    if (button && navigator.clipboard) {
      button.hidden = false;
      button.addEventListener('click', () => put(button, plain(source)).catch(() => mark(source)));
    } else button?.remove();
    box.querySelector('[data-download]')?.addEventListener('click', () => download(source));
    box.querySelector('[data-print]')?.addEventListener('click', () => window.print());
  }
}

function plain(source) {
  const items = [...source.querySelectorAll('li')];
  return items.length ? items.map((li) => li.textContent.trim()).join('\n') : source.textContent.trim();
}

// Where the browser refuses the clipboard, the text is marked for the person to copy.
function mark(source) {
  getSelection().selectAllChildren(source);
}

async function put(button, text) {
  await navigator.clipboard.writeText(text);
  const label = button.querySelector('span');
  const before = label.textContent;
  label.textContent = document.body.dataset.copied;
  say(document.body.dataset.copied);
  setTimeout(() => { label.textContent = before; }, 2500);
}

function download(source) {
  const text = `${source.dataset.heading || ''}\n\n${plain(source)}\n`;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text.trimStart()], { type: 'text/plain' }));
  link.download = source.dataset.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
