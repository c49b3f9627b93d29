const lanes = 8; // derivations under way at a time; the browser makes them beside the page
const mostCounter = 10000;

/** Makes the robot check of a form in the background, says so in words, and holds the form until it is done. */
export default function robot(parts) {
  for (const part of parts) watch(part);
}

function watch(part) {
  const form = part.closest('form');
  const field = form?.elements.altcha;
  if (!field) return;
  let open = false; // the form may go
  let until = 0;
  let held; // the button with which it was sent too early
  const age = () => Number(part.dataset.wait) * 1000 + 500; // from which on a form may go without an answer
  const release = () => {
    open = true;
    if (held) form.requestSubmit(held === true ? undefined : held);
    held = undefined;
  };
  const begin = async () => {
    open = false;
    tell(part, 'working');
    try {
      field.value = await answer(part);
      until = performance.now() + (Number(part.dataset.life) - 30) * 1000;
      tell(part, 'done');
    } catch {
      // Whoever cannot be checked is let through by waiting a little.
      field.value = '';
      await pause(age() - performance.now());
      tell(part, 'failed');
    }
    release();
  };
  form.addEventListener('submit', (e) => {
    if (e.defaultPrevented) return;
    if (open && (!field.value || performance.now() < until)) return;
    e.preventDefault();
    held = e.submitter || true;
    if (open) begin();
    tell(part, 'held');
    if (part.dataset.provider) setTimeout(release, age() - performance.now()); // nobody has to solve a picture
  });
  addEventListener('pageshow', (e) => { if (e.persisted) begin(); }); // what was sent counts once
  begin();
}

function tell(part, state) {
  part.dataset.state = state;
  part.querySelector('[data-robot-says]').textContent = part.dataset[state];
}

const pause = (ms) => new Promise((done) => { setTimeout(done, Math.max(ms, 0)); });

async function answer(part) {
  if (part.dataset.provider) return (await import('./robot-other.js')).default(part);
  const reply = await fetch(part.dataset.robot, { credentials: 'same-origin', headers: { Accept: 'application/json' } });
  if (!reply.ok) throw new Error(String(reply.status));
  const challenge = await reply.json();
  const start = performance.now();
  const [counter, derivedKey] = await search(challenge.parameters);
  return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey, time: Math.round(performance.now() - start) } }));
}

// search tries counters until one leads to the key that begins as asked.
async function search(p) {
  const salt = bytes(p.salt);
  const nonce = bytes(p.nonce);
  for (let n = 0; n < mostCounter; n += lanes) {
    const keys = await Promise.all(Array.from({ length: lanes }, (_, i) => derive(p, nonce, salt, n + i)));
    const hit = keys.findIndex((key) => key.startsWith(p.keyPrefix));
    if (hit >= 0) return [n + hit, keys[hit]];
  }
  throw new Error('no counter leads to the key');
}

async function derive(p, nonce, salt, counter) {
  const word = new Uint8Array(nonce.length + 4);
  word.set(nonce);
  new DataView(word.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey('raw', word, 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: p.cost }, key, p.keyLength * 8);
  return Array.from(new Uint8Array(bits), (b) => b.toString(16).padStart(2, '0')).join('');
}

const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
