/** Gets an answer from the verifier that the employer named; its script is loaded here and nowhere else. */
export default async function other(part) {
  const { provider, key, action } = part.dataset;
  await load(part);
  const box = part.querySelector('[data-robot-box]');
  return limited(new Promise((done, failed) => {
    if (provider === 'recaptcha') {
      grecaptcha.ready(() => grecaptcha.execute(key, { action }).then(done, failed));
      return;
    }
    const api = provider === 'turnstile' ? window.turnstile : window.hcaptcha;
    box.replaceChildren(document.createElement('div'));
    api.render(box.firstChild, { sitekey: key, action, callback: done, 'error-callback': () => failed(new Error('refused')), 'response-field': false });
  }), provider === 'recaptcha' ? 10 : 300);
}

// load adds the script once.
function load(part) {
  if (document.querySelector('script[data-robot-script]')) return Promise.resolve();
  const script = document.createElement('script');
  script.dataset.robotScript = '';
  script.src = part.dataset.script;
  const loaded = new Promise((done, failed) => {
    script.onload = done;
    script.onerror = () => { script.remove(); failed(new Error('not loaded')); };
  });
  document.head.append(script);
  return limited(loaded, 10);
}

function limited(promise, seconds) {
  return Promise.race([promise, new Promise((_, failed) => { setTimeout(() => failed(new Error('too long')), seconds * 1000); })]);
}
