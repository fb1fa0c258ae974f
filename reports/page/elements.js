// Elements, what is copied, what is said aloud.

const report = JSON.parse(document.getElementById("report").textContent);

/** An element with attributes; "on..." are listeners, null is left out. Children are nodes, texts or lists of them. */
function el(tag, attributes, ...children) {
  return filled(document.createElement(tag), attributes, children);
}
function svg(tag, attributes, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}
function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

/** Says something for a moment, to screen readers as well. */
function tell(words) {
  const place = document.getElementById("told");
  place.textContent = words;
  place.classList.add("shown");
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => place.classList.remove("shown"), 2200);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", { class: "offscreen", "aria-hidden": "true" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  tell(`Copied: ${what}`);
}

function copyButton(words, text, what) {
  return el("button", { type: "button", class: "quiet-button", onclick: () => copy(typeof text === "function" ? text() : text, what ?? words) }, words);
}

/** Calls `show` when the node comes near the screen, or is printed. */
const waiting = new Map();
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) showNow(entry.target);
}, { rootMargin: "600px" });
function whenNear(node, show) {
  waiting.set(node, show);
  watcher.observe(node);
  return node;
}
function showNow(node) {
  const show = waiting.get(node);
  if (!show) return;
  waiting.delete(node);
  watcher.unobserve(node);
  show(node);
}
window.addEventListener("beforeprint", () => [...waiting.keys()].filter((node) => node.isConnected).forEach(showNow));

/** A region that scrolls sideways, for the keyboard as well. */
function scrolling(label, ...children) {
  return el("div", { class: "scroll", role: "group", "aria-label": label, tabindex: "0" }, children);
}
