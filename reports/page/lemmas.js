// One lemma: its row in the list, and all that is known of it.

const byId = new Map(report.claims.map((claim) => [claim.id, claim]));
const slackOf = new Map((report.bounds?.slack ?? []).map((slack) => [slack.id, slack]));
const repairOf = new Map((report.bounds?.repairs ?? []).map((repair) => [repair.id, repair]));

const KINDS = { printed: "printed", reading: "reading", slip: "common slip", ablation: "hypothesis dropped", beyond: "beyond what is printed" };

function stateOf(claim) {
  if (!claim.as_expected && claim.expected !== null) return "unexpected";
  return { holds: "true", violated: "false", undecided: "undecided" }[claim.verdict];
}
const STATE_WORDS = { true: ["✓", "True"], false: ["✗", "False"], undecided: ["?", "Undecided"], unexpected: ["!", "Not as expected"] };

function badge(claim) {
  const state = stateOf(claim), [sign, words] = STATE_WORDS[state];
  return el("span", { class: `badge ${state}` }, el("span", { "aria-hidden": "true" }, sign), ` ${words}`);
}

function sentence(words) {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** "1 against 0": the sides of the counterexample. */
function refutingSides(claim) {
  const side = (exact, approx) => (exact.length <= 9 ? exact : `≈ ${shortDecimal(approx ?? decimalOf(exact))}`);
  const worked = claim.worked;
  const sides = worked && worked.lhs !== null && worked.rhs !== null;
  return sides ? `${side(worked.lhs, worked.lhs_approx)} against ${side(worked.rhs, worked.rhs_approx)}` : "violated";
}

/** How much of the bound the best instance needs. */
function meter(claim) {
  if (claim.relation === "==") return el("span", { class: "meter words" }, claim.verdict === "violated" ? refutingSides(claim) : "equality");
  const ratio = claim.tightness.ratio_approx;
  const over = claim.verdict === "violated";
  if (ratio === null && !over) return el("span", { class: "meter words" }, "–");
  const share = Math.max(0, Math.min(1, over ? 1 : ratio));
  const ceiling = over ? null : claim.tightness.ceiling_approx ?? null;
  const mark = ceiling !== null && ceiling < 1 ? el("span", { class: "ceiling" }) : null;
  if (mark) mark.style.left = `${100 * Math.max(0, ceiling)}%`;
  const fill = el("span", { class: `fill ${over ? "over" : claim.tightness.ratio === "1" ? "full" : ""}` });
  fill.style.width = `${100 * share}%`;
  const words = over ? refutingSides(claim) : claim.tightness.ratio === "1" ? "reached" : `${shortDecimal(ratio)} reached`;
  const most = !mark ? "" : claim.tightness.ceiling === claim.tightness.ratio ? ": no more is possible" : ` of ${shortDecimal(ceiling)} possible`;
  return el("span", { class: "meter" }, el("span", { class: "track", "aria-hidden": "true" }, fill, mark), el("span", {}, words + most));
}

function lemmaRow(claim) {
  const kind = KINDS[claim.kind] ?? "";
  const row = el("details", { class: `lemma ${stateOf(claim)}`, id: claim.id },
    el("summary", {},
      badge(claim),
      el("span", { class: "statement" }, formula(claim.statement, claim.plain)),
      meter(claim),
      el("span", { class: "facts" }, claim.title ? el("b", {}, `${claim.title}. `) : null, `${sentence(claim.verdict_in_words)} `, el("span", { class: "id" }, claim.id), claim.source ? ` · ${claim.source}` : "", kind ? ` · ${kind}` : "", claim.file ? ` · line ${claim.line}` : "")));
  row.addEventListener("toggle", () => { if (row.open && row.childElementCount === 1) row.append(lemmaBody(claim)); });
  return row;
}

function link(id) {
  return byId.has(id) ? el("a", { href: `#${encodeURIComponent(id)}` }, id) : id;
}

/** The lemma as it stands, and beside it the one that is sharper: how much of this bound that leaves. */
function sharperForm(claim, sharper) {
  const ceiling = claim.tightness.ceiling ?? null;
  return el("div", { class: "beside" },
    el("div", {}, el("h4", {}, claim.kind === "printed" ? "As printed" : "As it stands here"), el("div", { class: "right" }, scrolling("the statement", formula(claim.statement, claim.plain, { display: true })))),
    el("div", {}, el("h4", {}, "Sharper: ", link(sharper.id)), el("div", { class: "right" }, scrolling("the sharper form", formula(sharper.statement, sharper.plain, { display: true })),
      ceiling === null ? null : el("p", {}, "At the tightest instance it leaves ", number(ceiling, claim.tightness.ceiling_approx), " of the bound; ", number(claim.tightness.ratio, claim.tightness.ratio_approx), " is reached."))));
}

function rightForm(claim) {
  if (!claim.corrected) return null;
  const right = byId.get(claim.corrected);
  if (!right) return el("p", {}, "The right form: ", claim.corrected);
  if (claim.expected === "holds") return sharperForm(claim, right);
  return el("div", { class: "beside" },
    el("div", {}, el("h4", {}, claim.kind === "printed" ? "As printed" : "As it stands here"), el("div", { class: "wrong" }, scrolling("the statement", formula(claim.statement, claim.plain, { display: true })))),
    el("div", {}, el("h4", {}, "What is right: ", link(claim.corrected)), el("div", { class: "right" }, scrolling("the right form", formula(right.statement, right.plain, { display: true })), right.tightness.ratio === "1" ? el("p", {}, "Reached exactly.") : null)));
}

/** The author's own lines, with the verdict beside each that was checked. */
function ownLines(claim) {
  if (!claim.own_lines) return null;
  const words = { holds: "true", violated: "false", undecided: "undecided" };
  return el("section", {}, el("h4", {}, `In ${claim.file}`),
    el("table", { class: "own-lines" }, el("tbody", {}, claim.own_lines.map(({ line, text, verdict }) => el("tr", { class: verdict ?? "" },
      el("th", { scope: "row" }, String(line)), el("td", {}, el("code", {}, text)), el("td", { class: "said" }, verdict ? words[verdict] : ""))))));
}

function symbols(claim) {
  const own = claim.symbols;
  if (own.length === 0) return el("section", {}, el("h4", {}, "Under"), el("ul", {}, claim.hypotheses.map((line) => el("li", {}, withNumbers(line)))));
  const assumes = claim.hypotheses.filter((line) => line.startsWith("assume "));
  return el("details", { class: "symbols", open: own.length <= 14 }, el("summary", {}, el("h4", {}, "Every symbol")),
    el("dl", {}, own.map((symbol) => (symbol.words ? el("div", {}, el("dt", {}, formula(symbol.latex, symbol.plain)), el("dd", {}, symbol.words)) : el("div", { class: "definition" }, el("dt", {}, "where"), el("dd", {}, scrolling("definition", formula(symbol.latex, symbol.plain))))))),
    assumes.length > 0 ? el("ul", {}, assumes.map((line) => el("li", {}, line))) : null);
}

function proof(claim) {
  if (!claim.steps?.length) return null;
  const slack = slackOf.get(claim.id);
  return el("section", {}, el("h4", {}, "The proof, step by step"),
    el("ol", { class: "proof" }, claim.steps.map((step) => el("li", { class: step.verdict === "violated" ? "broken" : "" },
      scrolling(`step ${step.step}`, formula(step.latex, step.statement)), el("span", { class: "reason" }, step.reason ? `by ${step.reason}` : "", step.verdict === "violated" ? " — false" : "")))),
    claim.worked_step ? workedInstance(claim.worked_step, `Step ${claim.first_false_step} is the first that is false`) : null,
    slack ? waterfallChart(slack) : null);
}

function strength(claim) {
  if (claim.mutants.length === 0) return null;
  return el("section", {}, el("h4", {}, "Made wrong on purpose"), el("p", { class: "hint" }, "Each must be refuted, or the check could not have failed."),
    el("ul", { class: "mutants" }, claim.mutants.map((mutant) => el("li", { class: mutant.refuted_by === null ? "broken" : "" }, withNumbers(mutant.name), mutant.refuted_by === null ? ": NOT refuted" : `: refuted by instance ${mutant.refuted_by}`))));
}

function repairs(claim) {
  const repair = repairOf.get(claim.id);
  if (!repair || repair.survivors.length === 0) return null;
  return el("section", {}, el("h4", {}, "Repaired by one edit"), el("p", { class: "hint" }, `${repair.survivors.length} of ${repair.tried} lemmas with one edit are true on everything tried; the tightest first.`),
    table("", ["edit", "claim", "left side / bound"], repair.survivors.slice(0, 5).map((each) => [each.edit, each.claim, number(each.max_ratio, each.max_ratio_approx)])));
}

function evidence(claim) {
  const counts = `${claim.instances.toLocaleString("en")} instances, ${claim.violated} violated, ${claim.discarded} discarded, ${claim.undecided} undecided.`;
  const classes = Object.entries(claim.classes);
  return el("section", {}, el("h4", {}, "What was tried"), el("p", {}, counts, claim.vacuity.warning ? ` Seldom informative: ${claim.vacuity.warning}.` : ""),
    el("div", { class: "charts" }, claim.curves.map(quantileChart), claim.strata && claim.strata.rows.length > 0 ? strataChart(claim.strata) : null),
    classes.length > 0 ? el("details", {}, el("summary", {}, "Classes that were drawn"), table("", ["class", "instances"], classes.map(([name, count]) => [name, String(count)]), { numeric: [1] })) : null,
    el("p", { class: "command" }, el("code", {}, claim.command), copyButton("Copy", claim.command, "the command")),
    claim.certificate ? el("p", {}, "Certificate: ", el("a", { href: claim.certificate }, claim.certificate), ", checked again by ", el("code", {}, "scripts/verify_certificate.py"), ".") : null);
}

function lemmaBody(claim) {
  const refuted = claim.verdict === "violated";
  return el("div", { class: "body" },
    claim.note ? el("p", { class: "note" }, claim.note) : null,
    ownLines(claim),
    rightForm(claim) ?? el("div", { class: "whole" }, scrolling("the statement", formula(claim.statement, claim.plain, { display: true }))),
    el("p", { class: "tools" }, copyButton("Copy the statement as LaTeX", () => `\\[ ${claim.statement} \\]`, "the statement as LaTeX"),
      claim.lemma ? copyButton("Copy the lemma's text", claim.lemma, "the lemma's text") : null,
      copyButton("Copy a link", () => `${location.href.split("#")[0]}#${encodeURIComponent(claim.id)}`, "the link")),
    symbols(claim),
    claim.worked ? workedInstance(claim.worked, refuted ? "The smallest counterexample" : "The tightest instance") : null,
    proof(claim), repairs(claim), strength(claim), evidence(claim));
}
