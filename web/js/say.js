/** say reads text out through the page's one live region. */
export function say(text) {
  const live = document.getElementById('shell-live');
  if (!live) return;
  live.textContent = '';
  setTimeout(() => { live.textContent = text; }, 50);
}
