/** Small keyboard and form comforts: "/", Escape on menus, filters that send themselves, typed confirmations. */
export default function keys(_, root) {
  for (const select of root.querySelectorAll('[data-submits]')) select.addEventListener('change', () => select.form.requestSubmit());
  for (const input of root.querySelectorAll('[data-confirm-typed]')) confirmTyped(input);
  for (const menu of root.querySelectorAll('[data-menu]')) closable(menu);
  const search = root.querySelector('[data-slash]');
  if (!search) return;
  document.addEventListener('keydown', (e) => {
    if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select, [contenteditable]')) return;
    e.preventDefault();
    search.focus();
    search.select();
  });
}

function closable(menu) {
  const close = (back) => {
    if (!menu.open) return;
    menu.open = false;
    if (back) menu.querySelector('summary').focus();
  };
  document.addEventListener('keydown', (e) => { if (e.key === 'Escape') close(true); });
  document.addEventListener('click', (e) => { if (!menu.contains(e.target)) close(false); });
  menu.addEventListener('focusout', (e) => { if (e.relatedTarget && !menu.contains(e.relatedTarget)) close(false); });
}

function confirmTyped(input) {
  const button = input.form.querySelector('button:not([type=button])');
  const look = () => { button.disabled = input.value.trim() !== input.dataset.confirmTyped; };
  input.addEventListener('input', look);
  look();
}
