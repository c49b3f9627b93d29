// Every page works without this file. Here it looks for what a page has and
// loads only the modules that it needs.
const wants = {
  '[data-reveal]': './reveal.js',
  '[data-rules]': './rules.js',
  '[data-copy]': './copy.js',
  '[data-poll]': './poll.js',
  '[data-many]': './many.js',
  '[data-drop]': './drop.js',
  '[data-menu], [data-slash], [data-submits], [data-confirm-typed]': './keys.js',
  'dialog[data-idle]': './idle.js',
  '[data-robot]': './robot.js', // before what sends: it may hold the form
  'form[method="post"]': './submit.js',
};

/** start wires the modules that root needs; a module may be started again on swapped content. */
export async function start(root) {
  for (const [mark, file] of Object.entries(wants)) {
    const found = root.querySelectorAll(mark);
    if (found.length) (await import(file)).default(found, root);
  }
}

document.querySelector('[data-focus]')?.focus();
if (document.body.dataset.signed === 'false' || document.querySelector('form[data-draft], form[data-leaves]')) {
  import('./draft.js').then((m) => m.default(document));
}
start(document);
