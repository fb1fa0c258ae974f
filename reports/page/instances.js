// A counterexample or a tightest instance: drawn, in tables, and both sides worked out.

function valuesTable(values) {
  const names = values.names, rows = values.rows;
  // Two names make a grid: steps or states down, states or actions across.
  if (names.length === 2) {
    const across = [...new Set(rows.map((row) => row.at[1]))], down = [...new Set(rows.map((row) => row.at[0]))];
    if (names[0].startsWith("h")) down.reverse();
    const cell = new Map(rows.map((row) => [row.at.join(), row]));
    return table("", [names[0], ...across.map((at) => `${names[1]} = ${at}`)], down.map((first) => [String(first), ...across.map((second) => {
      const found = cell.get([first, second].join());
      return found ? number(found.value, found.value_approx) : "";
    })]));
  }
  return table("", [...names, "value"], rows.map((row) => [...row.at.map(String), number(row.value, row.value_approx)]));
}

const SIGNS = { "<=": "≤", ">=": "≥", "<": "<", ">": ">", "==": "=", "=": "=", "!=": "≠" };
const BROKEN = { "<=": ">", ">=": "<", "<": "≥", ">": "≤", "==": "≠", "=": "≠", "!=": "=" };

function sidesLine(worked) {
  const said = SIGNS[worked.relation] ?? worked.relation, sign = worked.refutes ? (BROKEN[worked.relation] ?? worked.relation) : said;
  return el("p", { class: worked.refutes ? "sides broken" : "sides" }, worked.where ? `At ${worked.where}: ` : "", "left side ", number(worked.lhs, worked.lhs_approx), ` ${sign} `,
    "right side ", number(worked.rhs, worked.rhs_approx), worked.refutes ? `, where the statement says ${said}.` : ".");
}

function workedInstance(worked, title) {
  const steps = worked.lines.length > 0 || worked.values.length > 0;
  return el("section", { class: "worked" }, el("h4", {}, title),
    worked.graphs.map(instanceDrawing),
    el("div", { class: "tables" }, worked.tables.map((each) => table(each.title, each.header, each.rows))),
    steps ? el("h5", {}, "Both sides, step by step") : null,
    el("div", { class: "tables" }, worked.values.map((values) => el("div", { class: "values" }, formula(values.latex, values.plain), valuesTable(values)))),
    worked.lines.length > 0 ? el("ol", { class: "steps" }, worked.lines.map((line) => el("li", {}, scrolling("a step", formula(line.latex, line.plain), " = ", number(line.value, line.value_approx))))) : null,
    sidesLine(worked),
    worked.latex ? el("p", { class: "tools" }, copyButton("Copy as LaTeX", worked.latex, "the instance as LaTeX")) : null);
}
