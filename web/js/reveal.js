const words = document.body.dataset;

/** Adds a show/hide button to password fields; the field is hidden again before it is sent. */
export default function reveal(boxes) {
  for (const box of boxes) {
    const input = box.querySelector('input');
    if (!input || box.querySelector('button')) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'reveal';
    button.setAttribute('aria-controls', input.id);
    const show = (on) => {
      input.type = on ? 'text' : 'password';
      button.textContent = on ? words.hide : words.show;
      button.setAttribute('aria-label', on ? words.hideName : words.showName);
    };
    button.addEventListener('click', () => show(input.type === 'password'));
    input.form?.addEventListener('submit', () => show(false));
    show(false);
    box.append(button);
  }
}
