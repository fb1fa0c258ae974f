// Instances as graphs and learning loops as trees: Graphviz laid them out, coordinates are points from the lower left.

const MARGIN = 14;

function arrowheads(id) {
  const head = (name, kind) => svg("marker", { id: `${id}-${name}`, viewBox: "0 0 8 8", refX: 1, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, svg("path", { d: "M0,0 L8,4 L0,8 z", class: kind }));
  return svg("defs", {}, head("same", "edge-head"), head("differs", "edge-head differs"));
}

function splinePath(points, height) {
  const at = (i) => `${points[2 * i]},${height - points[2 * i + 1]}`;
  let path = `M${at(0)}`;
  for (let i = 1; i + 2 < points.length / 2 + 0; i += 3) path += ` C${at(i)} ${at(i + 1)} ${at(i + 2)}`;
  return path;
}

const GREEK = { rho: "ρ", pi: "π", phi: "φ", mu: "μ", nu: "ν", gamma: "γ" };
function greek(text) {
  return text.replace(/\b(rho|pi|phi|mu|nu|gamma)(?![a-z])/g, (name) => GREEK[name]);
}

function textLines(x, y, lines, attributes) {
  const step = 12, top = y - ((lines.length - 1) * step) / 2;
  return lines.map((line, i) => svg("text", { x, y: top + i * step, "text-anchor": "middle", "dominant-baseline": "central", ...attributes, class: `${attributes.class ?? ""} ${line.kind ?? ""}`.trim() }, greek(line.text)));
}

let drawn = 0;

/** The graph of an instance; where models differ, each has its own colour, its own name and its own line. */
function instanceDrawing(graph) {
  const id = `graph-${++drawn}`, height = graph.height;
  const kindOf = (of) => (of === "" ? "" : `model-${Math.min(graph.models.indexOf(of), 3) + 1}`);
  const edges = graph.edges.map((edge) => {
    const lines = edge.labels.map((label) => ({ text: label.of ? `${label.of}: ${label.text}` : label.text, kind: kindOf(label.of) }));
    return svg("g", {},
      svg("path", { d: splinePath(edge.path, height), class: edge.differs ? "edge differs" : "edge", "marker-end": `url(#${id}-${edge.differs ? "differs" : "same"})` }),
      textLines(edge.x, height - edge.y, lines, { class: "edge-label" }));
  });
  const nodes = graph.nodes.map((node) => {
    const x = node.x, y = height - node.y;
    if (node.kind === "action") return svg("rect", { x: x - 4, y: y - 4, width: 8, height: 8, class: "action" }, svg("title", {}, node.label));
    const wide = node.note ? Math.max(24, 3.4 * node.note.length + 8) : 16;
    return svg("g", {}, svg("ellipse", { cx: x, cy: y, rx: wide, ry: node.note ? 20 : 16, class: "state" }),
      textLines(x, y, [{ text: node.label, kind: "state-name" }, ...(node.note ? [{ text: node.note, kind: "state-note" }] : [])], {}));
  });
  const describe = `${graph.title}: ${graph.nodes.filter((n) => n.kind === "state").length} states, ${graph.edges.filter((e) => e.differs).length} transitions that differ`;
  const width = graph.width + 2 * MARGIN + 20, tall = height + 2 * MARGIN;
  const image = svg("svg", { class: "graph", viewBox: `${-MARGIN - 10} ${-MARGIN} ${width} ${tall}`, width: width * 1.25, height: tall * 1.25, role: "img", "aria-label": describe }, arrowheads(id), edges, nodes);
  const differs = graph.models.length > 1 && graph.edges.some((edge) => edge.differs);
  const legend = differs ? el("p", { class: "legend" }, "Where models differ: ", graph.models.map((name, i) => [i > 0 ? ", " : "", el("span", { class: `model-${Math.min(i, 3) + 1}` }, name)]), " (thick lines).") : null;
  return el("figure", { class: "drawing" }, scrolling(describe, image), legend);
}

/** A loop's tree in one round: leaves say what the model promises, green where the data have the way, red where not. */
function treeDrawing(tree, frame) {
  const height = tree.height, id = `tree-${++drawn}`;
  const place = (i) => [tree.nodes[i].x, height - tree.nodes[i].y];
  const edges = tree.edges.map((edge, e) => {
    const [x1, y1] = place(edge.from), [x2, y2] = place(edge.to);
    const kind = ["tree-edge", frame.collected[e] ? (frame.round === 0 ? "expert" : "collected") : "", frame.planned[e] ? "planned" : ""].join(" ");
    return svg("g", {}, svg("line", { x1, y1, x2, y2, class: kind }), frame.planned[e] ? svg("line", { x1, y1, x2, y2, class: "tree-edge planned-over" }) : null,
      svg("text", { x: (x1 + x2) / 2 + 6, y: (y1 + y2) / 2, class: "edge-label", "text-anchor": "start" }, edge.action));
  });
  const nodes = tree.nodes.map((node, i) => {
    const [x, y] = place(i);
    if (!node.leaf) return svg("g", {}, svg("ellipse", { cx: x, cy: y, rx: Math.max(12, 4 * node.label.length + 5), ry: 12, class: "state" }), svg("text", { x, y, class: "state-name", "text-anchor": "middle", "dominant-baseline": "central" }, node.label));
    const mark = frame.seen[i] === 1 ? "seen" : frame.seen[i] === 0 ? "unseen" : "";
    return svg("g", {}, svg("rect", { x: x - 16, y: y - 12, width: 32, height: 24, rx: 3, class: `leaf ${mark}` }),
      svg("text", { x, y, class: `state-name ${mark}`, "text-anchor": "middle", "dominant-baseline": "central" }, frame.leaves[i]),
      mark ? svg("text", { x, y: y + 22, class: `edge-label ${mark}`, "text-anchor": "middle" }, mark) : null);
  });
  const words = frame.round === 0 ? "the world: leaves with their true returns, the expert's way marked" : `round ${frame.round}: leaves with the returns that the model promises`;
  return svg("svg", { id, class: "graph tree", viewBox: `-20 -20 ${tree.width + 40} ${height + 52}`, width: (tree.width + 40) * 1.4, height: (height + 52) * 1.4, role: "img", "aria-label": words }, edges, nodes);
}
