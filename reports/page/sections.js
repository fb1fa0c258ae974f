// Beyond single lemmas: bounds, oscillation, latent models, a model of the reader's own.

function curves() {
  const rows = report.bounds?.curves;
  if (!rows?.length) return null;
  const lines = [["printed", "eq. (15.1): H (H − 1) ε / 2"], ["halved", "H (H − 1) δ / 2"], ["sharp", "B(δ, H), attained"]];
  const picture = (caption, some, xKey, xTitle, logX) => lineChart(caption, {
    series: lines.map(([key, name]) => ({ name, points: some.map((row) => ({ x: row[xKey], y: row[`${key}_approx`] })) })),
    x: { title: xTitle, log: logX }, y: { title: "bound on |J(π, M) − J(π, M′)|", log: true },
    data: { header: [xTitle, ...lines.map(([, name]) => name)], rows: some.map((row) => [xKey === "horizon" ? String(row.horizon) : row.delta, ...lines.map(([key]) => number(row[key], row[`${key}_approx`]))]) } });
  const distances = [...new Set(rows.map((row) => row.delta))].filter((delta) => rows.filter((row) => row.delta === delta).length > 3);
  const at8 = rows.filter((row) => row.horizon === 8).sort((a, b) => a.delta_approx - b.delta_approx);
  return [el("h3", {}, "The simulation lemma: printed, halved, sharp"),
    el("p", { class: "hint" }, "Rewards in [0, 1]; every row of the two kernels differs by δ in total variation, ε = 2 δ in L1. B is attained by two states, so that no smaller bound is true."),
    el("div", { class: "charts" }, distances.map((delta) => picture(`Against H, δ = ${delta}`, rows.filter((row) => row.delta === delta && row.horizon > 1), "horizon", "H", false)),
      picture("Against δ, H = 8", at8, "delta_approx", "δ", true))];
}

function searched() {
  const rows = report.bounds?.sharpness;
  if (!rows?.length) return null;
  return el("details", {}, el("summary", {}, "What a search from nothing finds, against the supremum in closed form"),
    table("", ["bounded", "S", "A", "H", "δ", "supremum", "found / supremum"], rows.map((row) => [row.for, String(row.states), String(row.actions), String(row.horizon), row.delta, number(row.bound, row.bound_approx), number(row.best_ratio, row.best_ratio_approx)])));
}

function bounds() {
  if (!report.bounds) return null;
  const weighed = (report.bounds.slack ?? []).filter((slack) => byId.has(slack.id));
  return el("section", { id: "bounds", class: "part" }, el("h2", {}, "Bounds and their slack"), curves(), searched(),
    weighed.length > 0 ? el("h3", {}, "Where the slack of the proofs goes") : null,
    el("div", { class: "charts" }, weighed.map((slack) => el("div", {}, el("p", {}, link(slack.id)), waterfallChart(slack)))));
}

/** A tree with a scrubber over the rounds. */
function loopFigure(figure) {
  if (!figure.tree) return null;
  const frames = figure.tree.frames, last = frames.length - 1;
  const place = el("div", { class: "stage" }), words = el("output", { class: "round" });
  const slider = el("input", { type: "range", min: 0, max: last, value: 0, step: 1, "aria-label": `Round of: ${figure.title}` });
  const show = () => {
    const frame = frames[slider.value];
    place.replaceChildren(treeDrawing(figure.tree, frame));
    words.textContent = frame.round === 0 ? "The world: true returns, the expert’s way" : `Round ${frame.round}: the plan earns ${frame.earns}`;
  };
  const move = (by) => { slider.value = Math.max(0, Math.min(last, Number(slider.value) + by)); show(); };
  let timer = null;
  const play = el("button", { type: "button" }, "Play");
  play.addEventListener("click", () => {
    if (timer) { clearInterval(timer); timer = null; play.textContent = "Play"; return; }
    play.textContent = "Pause";
    timer = setInterval(() => { if (Number(slider.value) === last) slider.value = -1; move(1); }, 1100);
  });
  slider.addEventListener("input", show);
  show();
  const cycle = figure.cycle ? `From round ${figure.cycle.start} on, rounds repeat with period ${figure.cycle.length}.` : "The loop comes to rest.";
  return el("figure", { class: "loop" }, el("figcaption", {}, figure.title), place,
    el("div", { class: "scrubber" }, el("button", { type: "button", "aria-label": "Round before", onclick: () => move(-1) }, "◀"), slider, el("button", { type: "button", "aria-label": "Next round", onclick: () => move(1) }, "▶"), play), words, el("p", { class: "hint" }, cycle));
}

function survey(learning) {
  const measures = [["stops", "comes to rest"], ["oscillates", "oscillates"], ["optimal", "ends at the optimum"], ["expert", "reaches the expert"], ["no_worse_than_start", "no worse than π₀"]];
  const fits = [...new Set(learning.survey.map((row) => row.fit))], fills = [...new Set(learning.survey.map((row) => row.fill))];
  const data = { header: ["fit", "fill", "worlds", ...measures.map(([, words]) => words), "longest cycle", "last stop", "widest gap"],
    rows: learning.survey.map((row) => [row.fit, row.fill, String(row.problems), ...measures.map(([key]) => String(row[key])), String(row.longest_cycle), String(row.last_stop), number(row.widest_gap, row.widest_gap_approx)]) };
  const place = el("div", {});
  const choose = el("select", { "aria-label": "What share of worlds" }, measures.map(([key, words]) => el("option", { value: key, selected: key === "optimal" }, words)));
  const draw = () => {
    const words = measures.find(([key]) => key === choose.value)[1];
    place.replaceChildren(heatChart(`Share of drawn worlds in which the loop ${words}`, { columns: fills, rows: fits,
      cells: learning.survey.map((row) => ({ x: row.fill, y: row.fit, value: row[choose.value] / row.problems, words: row[choose.value] === row.problems ? "all" : row[choose.value] === 0 ? "none" : `${Math.round((100 * row[choose.value]) / row.problems)}%` })), data }));
  };
  choose.addEventListener("input", draw);
  draw();
  return [el("h3", {}, "Fit and fill"), el("p", {}, "In ", String(learning.problems), " drawn worlds, the loop ", choose), place];
}

function oscillation() {
  const learning = report.learning;
  if (!learning) return null;
  const constants = learning.certainty_equivalence, regret = learning.regret_growth;
  return el("section", { id: "oscillation", class: "part" }, el("h2", {}, "Oscillation"),
    el("p", { class: "hint" }, "The tree of Figure 15.1 under three fits, computed. Leaves: the return that the model promises. Red moves collected the round’s data, dashed ones are the new plan."),
    el("div", { class: "loops" }, learning.figures.map(loopFigure)),
    survey(learning),
    el("h3", {}, "Regret between two models, each wrong where its own plan goes"),
    lineChart("Regret after N rounds", { series: [["latest", "latest data"], ["leader", "follow the leader"], ["regularised", "regularised leader"]].map(([key, name]) => ({ name, points: regret.map((row) => ({ x: row.rounds, y: row[`${key}_approx`] })) })),
      x: { title: "N", log: true }, y: { title: "regret", log: true }, data: { header: ["N", "latest data", "follow the leader", "regularised leader"], rows: regret.map((row) => [String(row.rounds), number(row.latest, row.latest_approx), number(row.leader, row.leader_approx), number(row.regularised, row.regularised_approx)]) } }),
    el("details", {}, el("summary", {}, "The largest regret of planning in a model that is wrong by δ"),
      table("", ["H", "δ", "bound min(H, 2B)", "ties against the learner", "ties for the learner", "strictly, by 1/1000"], constants.map((row) => [String(row.horizon), row.delta, ...["bound", "ties_against", "ties_for", "strict"].map((key) => number(row[key], row[`${key}_approx`]))]))));
}

/** Objectives against what their best encoder keeps, as a share of what there is to keep. */
function keepsChart(title, objectives, full) {
  const kept = Object.keys(objectives[0].keeps).filter((key) => !key.endsWith("_approx"));
  const most = Object.fromEntries(kept.map((key) => [key, Math.max(...objectives.map((row) => row.keeps[`${key}_approx`]), 1e-9)]));
  const cells = objectives.flatMap((row) => [
    ...kept.map((key) => ({ x: `keeps ${key}`, y: row.name, value: row.keeps[`${key}_approx`] / most[key], words: row.keeps[`${key}_approx`] === 0 ? "0" : shortDecimal(row.keeps[`${key}_approx`]).slice(0, 5) })),
    { x: "best value", y: row.name, value: row.value_approx / full, words: shortDecimal(row.value_approx).slice(0, 5) },
    { x: "plan’s value", y: row.name, value: row.planned_value_approx / full, words: shortDecimal(row.planned_value_approx).slice(0, 5) }]);
  const columns = [...kept.map((key) => `keeps ${key}`), "best value", "plan’s value"];
  return heatChart(title, { columns, rows: objectives.map((row) => row.name), cells,
    data: { header: ["objective", "encoder", "loss", ...kept.map((key) => `keeps ${key}`), "best value", "plan’s value", "ties"],
      rows: objectives.map((row) => [row.name, row.encoder.join(" "), number(row.loss, row.loss_approx), ...kept.map((key) => number(row.keeps[key], row.keeps[`${key}_approx`])), number(row.value, row.value_approx), number(row.planned_value, row.planned_value_approx), String(row.ties)]) } });
}

function latent() {
  if (!report.latent?.length) return null;
  return el("section", { id: "latent", class: "part" }, el("h2", {}, "What each objective teaches an encoder"),
    el("p", { class: "hint" }, "Every encoder was tried, exactly. Rows are objectives; columns what their best encoder keeps (nats of information), what the best policy of its codes earns, and what the plan in its model earns. Dark is all of it."),
    report.latent.map((each) => keepsChart(`${each.world}, ${each.codes} codes, H = ${each.horizon}: full information is worth ${each.full_value}`, each.objectives, each.full_value_approx)),
    report.recurrent.map((each) => keepsChart(`Recurrent, ${each.world}, ${each.codes} codes, memory of ${each.memory}: full information is worth ${each.full_value}`, each.objectives, each.full_value_approx)));
}

/** Against the exact adversary: what the bounds allow where there are bounds, else what the policy earns. */
function adversaryChart(rows, { title, xKey, xTitle, logX, printed }) {
  if (!rows?.length) return null;
  const series = printed
    ? [["bound", printed], ["sharp_bound", "B, sharp over all models"], ["gap", "the exact adversary on this model"]]
    : [["highest", "the best model"], ["nominal", "this model"], ["lowest", "the worst model"], ["robust", "robust plan, worst model"]];
  const columns = [["nominal", "J(π, M)"], ["lowest", "lowest"], ["highest", "highest"], ["robust", "robust plan"], ...(printed ? [["sharp_bound", "B"], ["bound", printed]] : [])];
  return lineChart(title, {
    series: series.map(([key, name]) => ({ name, points: rows.map((row) => ({ x: row[xKey], y: row[`${key}_approx`] })) })),
    x: { title: xTitle, log: logX }, y: { title: printed ? "|J(π, M) − J(π, M′)|" : "J", log: Boolean(printed) },
    data: { header: [xTitle, ...columns.map(([, name]) => name)], rows: rows.map((row) => [{ horizon: String(row.horizon), discount_approx: row.discount, radius_approx: row.radius }[xKey], ...columns.map(([key]) => number(row[key], row[`${key}_approx`]))]) } });
}

function ownModel() {
  return (report.models ?? []).map((model) => {
    const endless = model.criterion ?? null;
    const steps = model.horizon !== null;
    const discounted = model.discount !== null;
    const printed = endless ? null : steps ? (discounted ? "Σ k qᵏ L1" : "eq. (15.1)") : "q/(1−q)² L1";
    const judged = endless ?? [steps ? `H = ${model.horizon}` : null, discounted ? `discount ${model.discount}` : null].filter(Boolean).join(", ");
    const worst = (rows, xKey, title, xTitle, logX) => adversaryChart(rows, { title, xKey, xTitle, logX, printed });
    const bounds = printed ? [["sharp_bound", "B"], ["bound", printed], ["ratio", "gap / bound"]] : [];
    return el("section", { id: "model", class: "part" }, el("h2", {}, `The model ${model.name}`),
      el("p", {}, `${model.states} states, ${model.actions} actions; judged by ${endless ? `the ${endless}` : judged}.`),
      table("The exact optimum", [endless ? "judged by" : steps ? "H" : "discount", "best expected return", "about"], model.optima.map((row) => [endless ?? (steps ? String(row.horizon) : row.discount), number(row.value, row.value_approx), shortDecimal(row.value_approx)])),
      model.by_radius.length > 0 ? [el("h3", {}, "How wrong a wrong model can be here"), el("p", { class: "hint" }, `The optimal policy, in the worst model whose rows differ by at most the radius in L1 distance${endless === "total" ? " and lead nowhere that this model does not; at larger radii than are shown a total need not be finite" : ""}.`),
        el("div", { class: "charts" }, worst(model.by_radius, "radius_approx", `Against the radius, ${judged}`, "radius (L1)", true), worst(model.by_horizon, "horizon", "Against H, radius 1/10", "H", false), worst(model.by_discount, "discount_approx", "Against the discount, radius 1/10", "discount", false))] : null,
      el("h3", {}, "In perturbed copies"),
      table("", ["copy", "perturbation", "largest L1", "|J − J′|", ...bounds.map(([, name]) => name)], model.copies.map((copy) => [String(copy.instance), copy.perturbation.replace(/^\w+: /, ""), number(copy.l1, copy.l1_approx), endless && copy.gap === null ? "not finite" : number(copy.gap, copy.gap_approx), ...bounds.map(([key]) => number(copy[key], copy[`${key}_approx`]))])),
      model.claims.length > 0 ? table("Lemmas on copies of this model", ["lemma", "copies", "verdict", "best left side / bound"], model.claims.map((claim) => [link(claim.id), String(claim.instances), claim.verdict, number(claim.tightness.ratio, claim.tightness.ratio_approx)])) : null);
  });
}
