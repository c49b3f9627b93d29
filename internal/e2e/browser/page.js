// What the harness asks a page. It is evaluated anew for each question and
// leaves nothing behind.
(() => {
  const squash = (s) => (s || "").replace(/\s+/g, " ").trim();

  const shown = (e) => {
    const box = e.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(e).visibility !== "hidden";
  };

  const nameOf = (e) => {
    const by = (e.getAttribute("aria-labelledby") || "").split(/\s+/)
      .map((id) => (id && document.getElementById(id) || {}).innerText).filter(Boolean).join(" ");
    return squash(by || e.getAttribute("aria-label") || e.innerText || e.value ||
      Array.from(e.querySelectorAll("img[alt]"), (i) => i.alt).join(" "));
  };

  const kinds = {
    button: "button, summary, [role=button], input[type=submit], input[type=button]",
    link: "a[href]",
  };
  kinds.any = `${kinds.button}, ${kinds.link}, label, [role=tab], [role=menuitem]`;

  const isSelector = (what) => /^[#.[]/.test(what);

  // among lists what can be meant, the words as they stand before parts of them.
  const among = (all, what) => {
    const exact = all.filter((e) => nameOf(e) === what);
    return exact.length ? exact : all.filter((e) => nameOf(e).includes(what));
  };

  // scope is the smallest part of the page that speaks of the words and holds
  // something of the kind.
  const scope = (within, kind) => {
    if (!within) return document;
    if (isSelector(within)) return document.querySelector(within);
    const parts = Array.from(document.querySelectorAll("tr, li, fieldset, form, article, section, details, dialog, div"));
    const fit = parts.filter((e) => shown(e) && squash(e.innerText).includes(within) && e.querySelector(kinds[kind]));
    return fit.sort((a, b) => a.innerText.length - b.innerText.length)[0] || null;
  };

  const pick = (kind, what, within) => {
    const root = scope(within, kind);
    if (!root) return { problem: `nothing on the page speaks of "${within}"` };
    if (isSelector(what)) {
      const e = root.querySelector(what);
      return e ? { e } : { problem: `nothing matches ${what}` };
    }
    const all = Array.from(root.querySelectorAll(kinds[kind])).filter(shown);
    const e = among(all, what)[0];
    return e ? { e } : { problem: `no ${kind} "${what}" among ${JSON.stringify(all.map(nameOf).slice(0, 40))}` };
  };

  // aim brings an element into view and says where to click; what lies on top
  // of it would get the click instead, so that is a problem.
  const aim = (e) => {
    e.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = Array.from(e.getClientRects()).find((r) => r.width > 0 && r.height > 0);
    if (!box) return { problem: "it is not visible" };
    if (e.matches(":disabled")) return { problem: `"${nameOf(e)}" is disabled` };
    const x = box.left + box.width / 2;
    const y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    if (!top || !(e.contains(top) || top.contains(e) || (top.control === e))) {
      return { problem: `"${nameOf(e)}" is covered by ${top ? top.outerHTML.slice(0, 120) : "nothing that can be clicked"}` };
    }
    const view = window.visualViewport;
    return { x: (x - view.offsetLeft) * view.scale, y: (y - view.offsetTop) * view.scale };
  };

  const point = (kind, what, within) => {
    const found = pick(kind, what, within);
    return found.problem ? found : aim(found.e);
  };

  const fields = (name) => Array.from(document.querySelectorAll("input, textarea, select"))
    .filter((e) => e.name === name && e.type !== "hidden");

  const noField = (name) => ({
    problem: `no field "${name}" among ${JSON.stringify(Array.from(document.querySelectorAll("input, textarea, select"), (e) => e.name).filter(Boolean))}`,
  });

  const changed = (e) => {
    e.dispatchEvent(new Event("input", { bubbles: true }));
    e.dispatchEvent(new Event("change", { bubbles: true }));
    return { done: true };
  };

  const choose = (e, value) => {
    const option = Array.from(e.options).find((o) => o.value === value || squash(o.text) === value);
    if (!option) return { problem: `no option "${value}" among ${JSON.stringify(Array.from(e.options, (o) => o.text))}` };
    e.value = option.value;
    return changed(e);
  };

  // fill does what typing cannot do and leaves the rest selected, to be typed over.
  const fill = (name, value) => {
    const e = fields(name).find(shown) || fields(name)[0];
    if (!e) return noField(name);
    if (e.disabled || e.readOnly) return { problem: `field "${name}" cannot be changed` };
    e.scrollIntoView({ block: "center", behavior: "instant" });
    e.focus();
    if (e.tagName === "SELECT") return choose(e, value);
    if (value === "" || /^(date|time|datetime-local|month|week|color|range)$/.test(e.type)) {
      e.value = value;
      return e.value === value ? changed(e) : { problem: `field "${name}" does not take "${value}"` };
    }
    e.select();
    return { type: true };
  };

  const box = (name, value) => fields(name).find((e) =>
    /^(checkbox|radio)$/.test(e.type) && (value === "" || e.value === value));

  // check aims at the label where the box itself is drawn by other means.
  const check = (name, value, want) => {
    const e = box(name, value);
    if (!e) return noField(value ? `${name}=${value}` : name);
    if (e.checked === want) return { done: true };
    const at = aim(e);
    return at.problem && e.labels[0] ? aim(e.labels[0]) : at;
  };

  const describe = (e) => {
    if (!e || e === document.body) return "";
    return e.name || e.id || nameOf(e) || e.tagName.toLowerCase();
  };

  return {
    point, fill, check,
    checked: (name, value) => !!(box(name, value) || {}).checked,
    value: (name) => { const e = fields(name)[0]; return e ? { text: e.value } : noField(name); },
    text: () => squash(document.body && document.body.innerText),
    focused: () => describe(document.activeElement),
    widest: () => Math.max(document.documentElement.scrollWidth, document.body ? document.body.scrollWidth : 0),
    file: (name) => fields(name).find((e) => e.type === "file") || null,
  };
})()
