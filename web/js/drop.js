/** Lets a file be dropped on the area around a plain file field. */
export default function drop(areas) {
  for (const area of areas) {
    const input = area.querySelector('input[type=file]');
    const words = area.querySelector('[data-drop-words]');
    area.classList.add('is-live');
    for (const kind of ['dragenter', 'dragover']) {
      area.addEventListener(kind, (e) => { e.preventDefault(); area.classList.add('is-over'); });
    }
    for (const kind of ['dragleave', 'drop']) area.addEventListener(kind, () => area.classList.remove('is-over'));
    area.addEventListener('drop', (e) => {
      e.preventDefault();
      if (!e.dataTransfer.files.length) return;
      input.files = e.dataTransfer.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    });
    input.addEventListener('change', () => {
      const file = input.files[0];
      if (file) words.textContent = `${words.dataset.chosen} ${file.name}`;
    });
  }
}
