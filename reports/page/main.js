// Puts the page together.

function head() {
  const theme = el("button", { type: "button", class: "quiet-button", onclick: nextTheme }, "Theme: system");
  document.documentElement.dataset.theme = "system";
  const all = report.claims.every((claim) => claim.as_expected);
  document.getElementById("head").append(
    el("div", { class: "title" }, el("h1", {}, "Bound-tightness report"), theme),
    el("p", { class: "lead" }, `${report.claims.length} statements, checked exactly on ${report.instances.toLocaleString("en")} instances each, seed ${report.seed}. `,
      el("strong", { class: report.as_expected ? "fine" : "alarm" }, report.as_expected ? "All as expected." : all ? "A proof, a weakened form or a model is not as expected." : "Not all as expected.")));
}

const THEMES = ["system", "light", "dark"];
function nextTheme(event) {
  const root = document.documentElement, next = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
  root.dataset.theme = next;
  event.target.textContent = `Theme: ${next}`;
  redrawCharts();
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redrawCharts);

function navigation(parts) {
  const names = { lemmas: "Lemmas", bounds: "Bounds", oscillation: "Oscillation", latent: "Latent", model: "Model" };
  const seen = new Set();
  const links = parts.filter((part) => !seen.has(part.id) && seen.add(part.id)).map((part) => el("li", {}, el("a", { href: `#${part.id}` }, names[part.id])));
  return links.length > 1 ? el("nav", { "aria-label": "Parts of the report" }, el("ul", {}, links)) : null;
}

/** Opens the lemma that the address points to. */
function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id ? document.getElementById(id) : null;
  if (!target?.matches("details.lemma")) return;
  if (target.hidden || target.closest("[hidden]")) clearFilters();
  target.open = true;
  requestAnimationFrame(() => target.scrollIntoView({ block: "start" }));
}

function begin() {
  head();
  const parts = [overview(), bounds(), oscillation(), latent(), ...ownModel()].filter(Boolean);
  const main = document.getElementById("main");
  main.append(...parts);
  const nav = navigation(parts);
  if (nav) document.getElementById("head").append(nav);
  document.getElementById("foot").append(el("p", {}, "Made by ", el("code", {}, "lemmacheck report"), ". The same data are in ", el("a", { href: "report.json" }, "report.json"), ", ", el("a", { href: "report.md" }, "report.md"), " and ", el("a", { href: "report.tex" }, "report.tex"), ". Every fraction is exact: click it for its decimal."));
  window.addEventListener("hashchange", openTarget);
  openTarget();
  document.documentElement.dataset.ready = String(report.claims.length);
}

try {
  begin();
} catch (error) {
  document.documentElement.dataset.error = String(error.stack ?? error);
  throw error;
}
