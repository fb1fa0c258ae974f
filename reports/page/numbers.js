// Fractions and formulas.

/** The decimal of "p/q"; nothing for other texts. */
function decimalOf(text) {
  const parts = /^(-?\d+)(?:\/(\d+))?$/.exec(text);
  if (!parts) return null;
  const top = BigInt(parts[1]), below = BigInt(parts[2] ?? 1);
  const digits = 30n;
  const scaled = (top * 10n ** digits) / below;
  return Number(scaled) / 1e30;
}

function shortDecimal(value) {
  if (value === null || value === undefined) return "";
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7)) return value.toExponential(3);
  return String(Number(value.toPrecision(6)));
}

const LONGEST_FRACTION = 16;

/** An exact number: a click shows its decimal beside it, or all of its digits, and copies the exact form. */
function number(exact, approx) {
  if (exact === null || exact === undefined) return approx === null || approx === undefined ? "–" : `≈ ${shortDecimal(approx)}`;
  const value = approx ?? decimalOf(exact);
  if (value === null || /^-?\d+$/.test(exact)) return exact;
  const long = exact.length > LONGEST_FRACTION;
  const short = long ? `≈ ${shortDecimal(value)}` : exact;
  const other = long ? exact : `${exact} ≈ ${shortDecimal(value)}`;
  const button = el("button", { type: "button", class: "number", "aria-label": `${long ? shortDecimal(value) : exact}, show the ${long ? "fraction" : "decimal"} and copy`, title: long ? "exact form" : `≈ ${shortDecimal(value)}` }, short);
  button.addEventListener("click", () => {
    const opened = button.classList.toggle("opened");
    button.textContent = opened ? other : short;
    if (opened) copy(exact, exact.length > 40 ? "the exact number" : exact);
  });
  return button;
}

/** A text in which every fraction is such a number. */
function withNumbers(text) {
  return String(text).split(/(-?\d+\/\d+)/).map((part, i) => (i % 2 === 1 ? number(part) : part));
}

const hasKatex = typeof katex !== "undefined";

/** A formula; in plain notation where nothing can typeset it, and until it comes near the screen. */
function formula(latex, plain, { display = false } = {}) {
  const node = el(display ? "div" : "span", { class: display ? "formula display" : "formula" }, plain || latex);
  if (hasKatex) whenNear(node, () => typeset(node, latex, display));
  return node;
}
function typeset(node, latex, display) {
  const before = node.textContent;
  try {
    katex.render(latex, node, { displayMode: display, throwOnError: true, strict: false, trust: false, output: "htmlAndMathml" });
    node.classList.add("typeset");
  } catch (error) {
    node.textContent = before;
    node.classList.add("untypeset");
    console.error(`cannot typeset ${latex}: ${error.message}`);
  }
}

/** A table of texts and nodes, with a button that copies it as LaTeX. */
function table(title, header, rows, { numeric = [] } = {}) {
  const plainHeader = header.every((cell) => cell === "");
  const head = plainHeader ? null : el("thead", {}, el("tr", {}, header.map((cell) => el("th", { scope: "col" }, cell))));
  const body = rows.map((row) => el("tr", {}, row.map((cell, i) => {
    const content = typeof cell === "string" ? withNumbers(cell) : cell;
    return plainHeader && i === 0 ? el("th", { scope: "row" }, content) : el("td", { class: numeric.includes(i) ? "numeric" : null }, content);
  })));
  const node = el("table", {}, title ? el("caption", {}, title) : null, head, el("tbody", {}, body));
  const latex = () => latexTable(header, rows);
  return el("div", { class: "table" }, scrolling(title || "table", node), el("div", { class: "tools" }, copyButton("Copy as LaTeX", latex, "the table as LaTeX")));
}

function latexEscaped(text) {
  return text.replace(/[\\&%$#_{}~^]/g, (c) => ({ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" })[c] ?? `\\${c}`);
}
function cellText(cell) {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "string") return cell;
  if (Array.isArray(cell)) return cell.map(cellText).join("");
  return cell.textContent ?? String(cell);
}
function latexTable(header, rows) {
  const line = (cells) => cells.map((cell) => latexEscaped(cellText(cell)).replace(/(-?)(\d+)\/(\d+)/g, "$$$1\\tfrac{$2}{$3}$$")).join(" & ") + " \\\\";
  const plainHeader = header.every((cell) => cell === "");
  return ["\\begin{tabular}{" + "l".repeat(rows[0]?.length ?? header.length) + "}", "\\toprule", ...(plainHeader ? [] : [line(header), "\\midrule"]),
    ...rows.map(line), "\\bottomrule", "\\end{tabular}"].join("\n");
}
