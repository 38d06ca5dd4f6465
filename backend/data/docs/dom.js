// Small builders of page elements. Data only ever becomes text or a property, never markup.

// el("a.button.quiet", { href: "/", onclick: go }, "Go", otherElement)
export function el(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag);
  node.classList.add(...classes);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !name.startsWith("aria")) node[name] = value;
    else node.setAttribute(name, value);
  }
  return replace(node, ...children);
}

const isShown = (child) => child !== null && child !== undefined && child !== false;

export function replace(node, ...children) {
  node.replaceChildren(...children.flat().filter(isShown));
  return node;
}

export const notice = (kind, ...content) =>
  el(`p.notice.${kind}`, { role: kind === "bad" ? "alert" : "status" }, ...content);

// A button that cannot be pressed twice while its work is under way.
export function action(kind, label, work, properties = {}) {
  const button = el(`button${kind}`, { type: "button", ...properties, onclick: () => busy(button, work) }, label);
  return button;
}

export async function busy(button, work) {
  if (button.getAttribute("aria-busy") === "true") return undefined;
  button.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    button.removeAttribute("aria-busy");
  }
}

export async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = el("textarea", { value: text, className: "offscreen" });
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
  return undefined;
}

export function copier(label, text) {
  const button = action(".quiet.small", label, async () => {
    await copy(text());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 1500);
  });
  return button;
}

export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// JSON text as elements, with keys, texts, numbers and words told apart by colour.
export function coloured(json) {
  const block = el("pre.json", { tabIndex: 0 });
  if (json.length > 200_000) return replace(block, json);
  const token = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  let end = 0;
  for (const match of json.matchAll(token)) {
    const kind = match[2] ? "key" : match[1] ? "text" : /^[tfn]/.test(match[0]) ? "word" : "number";
    const shown = match[1] ?? match[0];
    block.append(json.slice(end, match.index), el(`span.${kind}`, {}, shown));
    end = match.index + shown.length;
  }
  block.append(json.slice(end));
  return block;
}
