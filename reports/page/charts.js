// Charts: grammars for Vega, each with its data as a table beside it.

const hasVega = typeof vega !== "undefined";
const shownCharts = new Set();

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
const seriesColours = () => ["series-1", "series-2", "series-3", "series-4", "series-5"].map(colour);

function config() {
  const ink = colour("ink"), quiet = colour("quiet"), line = colour("line");
  const font = "system-ui, sans-serif";
  return {
    background: null, font,
    axis: { labelColor: quiet, titleColor: ink, domainColor: line, tickColor: line, gridColor: line, labelFont: font, titleFont: font, labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal" },
    legend: { labelColor: ink, titleColor: ink, labelFont: font, titleFont: font, labelFontSize: 12, symbolSize: 80 },
    text: { font },
  };
}

/**
 * A figure. `grammar` is called when the chart comes near the screen and when colours change, with the width that there is;
 * `data` is {header, rows} of the same numbers.
 */
function chart(caption, grammar, data, { wide = false } = {}) {
  const place = el("div", { class: "plot", role: "img", "aria-label": caption, "data-caption": caption });
  const numbers = el("details", { class: "numbers" }, el("summary", {}, "The numbers"));
  numbers.addEventListener("toggle", () => { if (numbers.open && numbers.childElementCount === 1) numbers.append(table(caption, data.header, data.rows)); });
  const figure = el("figure", { class: wide ? "chart wide" : "chart" }, el("figcaption", {}, caption), hasVega ? place : null, numbers);
  if (!hasVega) numbers.open = true;
  else whenNear(place, () => drawChart(place, grammar));
  return figure;
}

function drawChart(place, grammar) {
  const widest = place.closest(".wide") ? 860 : 560;
  const room = Math.max(220, Math.min(widest, (place.clientWidth || 420) - 20));
  shownCharts.add({ place, grammar });
  const view = new vega.View(vega.parse({ ...grammar(room), description: place.dataset.caption, autosize: { type: "fit-x", contains: "padding" }, width: room, padding: 4, config: undefined }, config(), { ast: true }),
    { renderer: "svg", container: place, expr: vega.expressionInterpreter, hover: false });
  view.runAsync().then(() => {
    const image = place.querySelector("svg");
    if (image) image.setAttribute("aria-hidden", "true");
    for (const part of place.querySelectorAll("[role]")) part.removeAttribute("role");
    for (const part of place.querySelectorAll("[aria-roledescription]")) part.removeAttribute("aria-roledescription");
    place.setAttribute("role", "img");
    place.removeAttribute("aria-roledescription");
    place.dataset.drawn = "true";
  }).catch((error) => { console.error(error); place.textContent = ""; });
}

function redrawCharts() {
  const again = [...shownCharts];
  shownCharts.clear();
  for (const { place, grammar } of again) {
    if (!place.isConnected) continue;
    place.textContent = "";
    drawChart(place, grammar);
  }
}

const BINS = ["0", "0.1", "0.2", "0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "1", "> 1"];

/** How much of the bound drawn instances need, by H or by the discount: a column for each, dark where many are. */
function strataChart(strata) {
  const name = strata.by === "H" ? "H" : "gamma";
  const label = (at) => (strata.by === "H" ? String(at) : `${at / 10}–${(at + 1) / 10}`);
  const cells = [], rows = [];
  for (const { at, bins } of strata.rows) {
    const total = bins.slice(0, 12).reduce((a, b) => a + b, 0);
    rows.push([label(at), ...bins.slice(0, 12).map(String), String(bins[12])]);
    for (let bin = 0; bin < 12; ++bin) if (bins[bin] > 0) cells.push({ at: label(at), bin: BINS[bin], share: Math.sqrt(bins[bin] / total), count: bins[bin] });
  }
  const grammar = () => ({
    height: 190,
    data: [{ name: "cells", values: cells }],
    scales: [
      { name: "x", type: "band", domain: strata.rows.map(({ at }) => label(at)), range: "width", padding: 0.08 },
      { name: "y", type: "band", domain: [...BINS].reverse(), range: "height", padding: 0.08 },
      { name: "fill", type: "linear", domain: [0, 1], range: [colour("heat-low"), colour("heat-high")], interpolate: "rgb" }],
    axes: [{ orient: "bottom", scale: "x", title: name, labelAngle: strata.by === "H" ? 0 : -30, labelAlign: strata.by === "H" ? "center" : "right" }, { orient: "left", scale: "y", title: "left side / bound, up to" }],
    marks: [{ type: "rect", from: { data: "cells" }, encode: { enter: {
      x: { scale: "x", field: "at" }, width: { scale: "x", band: 1 }, y: { scale: "y", field: "bin" }, height: { scale: "y", band: 1 },
      fill: [{ test: "datum.bin === '> 1'", value: colour("false") }, { scale: "fill", field: "share" }],
      tooltip: { signal: `datum.count + ' instances'` } } } }],
  });
  return chart(`How much of the bound the drawn instances need, by ${name}`, grammar, { header: [name, ...BINS.map((bin) => (bin === "0" || bin === "> 1" ? bin : `≤ ${bin}`)), "undefined"], rows });
}

/** Quantiles of what drawn instances need of a bound, and what a sharper lemma leaves, against H, a discount or a distance. */
function quantileChart(curve) {
  const title = { H: "H", gamma: "gamma", distance: `largest L1 distance of ${curve.of}` }[curve.by];
  const caption = `Bound, best and typical instance, by ${title}`;
  const ends = curve.points.map(({ at }) => at);
  const series = [["largest of the drawn", "largest", "series-1"], ["median", "median", "series-2"]];
  if (curve.points.some(({ sharp }) => sharp !== null)) series.unshift(["sharper bound", "sharp", "series-3"]);
  const lines = series.flatMap(([name, key]) => curve.points.filter((point) => point[key] !== null).map((point) => ({ name, at: point.at, share: point[key] })));
  const top = Math.max(1, ...lines.map(({ share }) => share));
  const y = (field) => ({ scale: "y", field });
  const grammar = () => ({
    height: 200,
    data: [{ name: "lines", values: lines }, { name: "points", values: curve.points }],
    scales: [
      curve.by === "distance" ? { name: "x", type: "log", base: 10, domain: [Math.min(...ends), Math.max(...ends)], range: "width" }
        : { name: "x", type: "linear", zero: false, domain: [Math.min(...ends), Math.max(...ends)], range: "width", padding: 6 },
      { name: "y", type: "linear", domain: [0, top], range: "height", nice: true },
      { name: "shade", type: "ordinal", domain: series.map(([name]) => name), range: series.map(([, , shade]) => colour(shade)) }],
    axes: [{ orient: "bottom", scale: "x", title, values: curve.by === "gamma" ? undefined : ends, format: curve.by === "distance" ? "~g" : undefined, labelOverlap: true },
      { orient: "left", scale: "y", title: "share of the bound", grid: true, tickCount: 5 }],
    legends: [{ stroke: "shade", symbolType: "stroke", symbolStrokeWidth: 3, orient: "top", direction: "horizontal" }],
    marks: [
      { type: "rule", encode: { enter: { y: { scale: "y", value: 1 }, x: { value: 0 }, x2: { field: { group: "width" } }, stroke: { value: colour("ink") }, strokeDash: { value: [5, 3] } } } },
      { type: "area", from: { data: "points" }, encode: { enter: { x: { scale: "x", field: "at" }, y: y("low"), y2: y("high"), fill: { value: colour("series-2") }, fillOpacity: { value: 0.18 } } } },
      { type: "group", from: { facet: { name: "one", data: "lines", groupby: "name" } }, marks: [
        { type: "line", from: { data: "one" }, encode: { enter: { x: { scale: "x", field: "at" }, y: y("share"), stroke: { scale: "shade", field: "name" }, strokeWidth: { value: 2 } } } },
        { type: "symbol", from: { data: "one" }, encode: { enter: { x: { scale: "x", field: "at" }, y: y("share"), fill: { scale: "shade", field: "name" }, size: { value: 26 }, tooltip: { signal: "datum.name + ': ' + format(datum.share, '.3~f') + ' at ' + datum.at" } } } }] }],
  });
  const range = (point) => (curve.by === "distance" ? `up to ${point.at}` : String(point.at));
  return chart(caption, grammar, { header: [title, "instances", "10% quantile", "median", "90% quantile", "largest", "sharper bound"],
    rows: curve.points.map((point) => [range(point), ...[point.instances, point.low, point.median, point.high, point.largest, point.sharp ?? "–"].map(String)]) });
}

/** Where the slack of a proof goes: a bar from what is left before a step to what is left after it. */
function waterfallChart(slack) {
  const bars = [];
  let left = 1;
  const shares = slack.steps.map((step) => step.mean_share_approx);
  slack.steps.slice().reverse().forEach((step, i) => {
    const share = step.mean_share_approx;
    bars.push({ name: `step ${slack.steps.length - i}`, from: left, to: left - share, kind: "lost" });
    left -= share;
  });
  bars.push({ name: "left side", from: 0, to: slack.mean_tightness_approx, kind: "kept" });
  const grammar = () => ({
    height: 26 * bars.length + 10,
    data: [{ name: "bars", values: bars }],
    scales: [{ name: "x", domain: [0, 1], range: "width" }, { name: "y", type: "band", domain: bars.map((bar) => bar.name), range: "height", padding: 0.25 }],
    axes: [{ orient: "bottom", scale: "x", title: "share of the right side, mean over drawn instances", grid: true }, { orient: "left", scale: "y" }],
    marks: [{ type: "rect", from: { data: "bars" }, encode: { enter: {
      x: { scale: "x", field: "from" }, x2: { scale: "x", field: "to" }, y: { scale: "y", field: "name" }, height: { scale: "y", band: 1 },
      fill: [{ test: "datum.kind === 'kept'", value: colour("true") }, { value: colour("series-2") }] } } }],
  });
  return chart("What each step of the proof gives away", grammar, {
    header: ["step", "by", "mean share", "largest share"],
    rows: slack.steps.map((step, i) => [String(i + 1), step.reason || step.statement, shortDecimal(shares[i]), shortDecimal(step.largest_share_approx)]) });
}

/** Lines with symbols: series are {name, points: [{x, y}]}. */
function lineChart(caption, { series, x, y, data }) {
  const values = series.flatMap(({ name, points }) => points.filter((point) => !(y.log && point.y <= 0) && !(x.log && point.x <= 0)).map((point) => ({ ...point, series: name })));
  const names = series.map(({ name }) => name);
  const grammar = () => ({
    height: 240,
    data: [{ name: "values", values }],
    scales: [
      { name: "x", type: x.log ? "log" : "linear", domain: { data: "values", field: "x" }, range: "width", nice: !x.log, zero: false },
      { name: "y", type: y.log ? "log" : "linear", domain: { data: "values", field: "y" }, range: "height", nice: true, zero: !y.log },
      { name: "colour", type: "ordinal", domain: names, range: seriesColours() },
      { name: "shape", type: "ordinal", domain: names, range: ["circle", "square", "triangle-up", "diamond", "cross"] },
      { name: "width", type: "ordinal", domain: names, range: [5, 3, 1.6, 1.2, 1] }], // lines that coincide stay visible
    axes: [{ orient: "bottom", scale: "x", title: x.title, grid: true, tickCount: 6, format: "~g" }, { orient: "left", scale: "y", title: y.title, grid: true, tickCount: 5, format: "~g" }],
    legends: [{ stroke: "colour", shape: "shape", orient: "bottom", direction: "vertical", symbolType: "circle", labelLimit: 420 }],
    marks: [{ type: "group", from: { facet: { name: "one", data: "values", groupby: "series" } }, marks: [
      { type: "line", from: { data: "one" }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, stroke: { scale: "colour", field: "series" }, strokeWidth: { scale: "width", field: "series" } } } },
      { type: "symbol", from: { data: "one" }, encode: { enter: { x: { scale: "x", field: "x" }, y: { scale: "y", field: "y" }, fill: { scale: "colour", field: "series" }, shape: { scale: "shape", field: "series" }, size: { value: 46 } } } }] }],
  });
  return chart(caption, grammar, data);
}

/** Cells {x, y, value in [0, 1], words}. */
function heatChart(caption, { columns, rows, cells, data, rowHeight = 30 }) {
  const grammar = () => ({
    height: rowHeight * rows.length,
    data: [{ name: "cells", values: cells }],
    scales: [
      { name: "x", type: "band", domain: columns, range: "width", padding: 0.04 },
      { name: "y", type: "band", domain: rows, range: "height", padding: 0.04 },
      { name: "fill", type: "linear", domain: [0, 1], range: [colour("heat-low"), colour("heat-high")], interpolate: "rgb" }],
    axes: [{ orient: "top", scale: "x", labelAngle: columns.length > 6 ? -40 : 0, labelAlign: columns.length > 6 ? "left" : "center", labelLimit: 150 }, { orient: "left", scale: "y", labelLimit: 190 }],
    marks: [
      { type: "rect", from: { data: "cells" }, encode: { enter: { x: { scale: "x", field: "x" }, width: { scale: "x", band: 1 }, y: { scale: "y", field: "y" }, height: { scale: "y", band: 1 }, fill: { scale: "fill", field: "value" } } } },
      { type: "text", from: { data: "cells" }, encode: { enter: { x: { scale: "x", field: "x", band: 0.5 }, y: { scale: "y", field: "y", band: 0.5 }, align: { value: "center" }, baseline: { value: "middle" }, fontSize: { value: 11 }, text: { field: "words" },
        fill: [{ test: "datum.value > 0.55", value: colour("heat-ink-high") }, { value: colour("heat-ink-low") }] } } }],
  });
  return chart(caption, grammar, data, { wide: true });
}
