// At a glance: counts by kind, and the list with its search and filters.

function countOf(claims, verdict) {
  return claims.filter((claim) => claim.verdict === verdict).length;
}

function headline() {
  const groups = [
    ["Printed in the lecture", (c) => c.printed_in_the_notes], ["Printed in papers", (c) => c.kind === "printed" && !c.printed_in_the_notes],
    ["Readings of what is printed", (c) => c.kind === "reading"], ["Common slips", (c) => c.kind === "slip"],
    ["Hypotheses dropped", (c) => c.kind === "ablation"], ["Beyond what is printed", (c) => c.kind === "beyond"], ["Of no kind said", (c) => !c.kind]];
  const cards = groups.map(([name, belongs]) => [name, report.claims.filter(belongs)]).filter(([, claims]) => claims.length > 0).map(([name, claims]) => {
    const holds = countOf(claims, "holds"), wrong = countOf(claims, "violated"), open = claims.length - holds - wrong;
    const bar = el("div", { class: "split", "aria-hidden": "true" });
    for (const [count, kind] of [[holds, "true"], [wrong, "false"], [open, "undecided"]]) {
      if (count === 0) continue;
      const part = el("span", { class: kind });
      part.style.flexGrow = count;
      bar.append(part);
    }
    return el("li", { class: "card" }, el("h3", {}, name), bar,
      el("p", {}, [holds ? `${holds} true` : "", wrong ? `${wrong} false` : "", open ? `${open} undecided` : ""].filter(Boolean).join(", ")));
  });
  return el("ul", { class: "cards" }, cards);
}

/** What the claims of a part of the list have in common: a section of the notes, or a file of lemmas. */
function groupOf(claim) {
  if (claim.file) return claim.file;
  if (/^\d/.test(claim.section)) return `Section ${claim.section} of the lecture`;
  const words = claim.section.replace(/^field: \d+\. /, "");
  return `Beyond the lecture: ${words}`;
}

function filters(rows, groups, shown) {
  const search = el("input", { type: "search", id: "search", placeholder: "Search: a name, a source, a symbol", "aria-label": "Search the lemmas", autocomplete: "off" });
  const select = (label, options) => el("select", { "aria-label": label }, options.map(([value, words]) => el("option", { value }, words)));
  const state = select("Verdict", [["", "Any verdict"], ...Object.entries(STATE_WORDS).map(([value, [, words]]) => [value, words])]);
  const kind = select("Kind", [["", "Any kind"], ...Object.entries(KINDS)]);
  const part = select("Part", [["", "All parts"], ...[...groups.keys()].map((name) => [name, name])]);
  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const { row, claim, text, group } of rows) {
      const fits = words.every((word) => text.includes(word)) && (!state.value || stateOf(claim) === state.value) && (!kind.value || claim.kind === kind.value) && (!part.value || group === part.value);
      row.hidden = !fits;
      count += fits ? 1 : 0;
    }
    for (const section of groups.values()) section.hidden = [...section.querySelectorAll("details.lemma")].every((row) => row.hidden);
    shown.textContent = count === rows.length ? `${count} lemmas` : `${count} of ${rows.length} lemmas`;
  };
  for (const control of [search, state, kind, part]) control.addEventListener("input", apply);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /^(input|select|textarea)$/i.test(event.target.tagName)) return;
    event.preventDefault();
    search.focus();
  });
  apply();
  const clear = () => { for (const control of [search, state, kind, part]) control.value = ""; apply(); };
  return { bar: el("div", { class: "filters", role: "search" }, search, state, kind, part, shown), clear };
}

/** What changed since an earlier report. */
function changes() {
  const found = report.comparison;
  if (!found) return null;
  const lines = [
    ...found.added.map((id) => [link(id), " is new"]), ...found.removed.map((id) => [id, " is gone"]),
    ...[["verdicts", "the verdict"], ["statements", "the statement"], ["tightness", "the best left side / bound"], ["strength", "how many weakened forms survive"]]
      .flatMap(([key, words]) => found[key].map((each) => [link(each.id), `: ${words} was `, withNumbers(each.before ?? "none"), ", is ", withNumbers(each.now ?? "none")]))];
  return el("section", { class: "changes" }, el("h3", {}, `What changed since the report of seed ${found.before.seed}, ${found.before.instances} instances`),
    lines.length === 0 ? el("p", {}, "Nothing.") : el("ul", {}, lines.map((line) => el("li", {}, line))));
}

let clearFilters = () => {};

function overview() {
  const groups = new Map(), rows = [];
  for (const claim of report.claims) {
    const group = groupOf(claim), row = lemmaRow(claim);
    if (!groups.has(group)) groups.set(group, el("section", { class: "group" }, el("h3", {}, group)));
    groups.get(group).append(row);
    rows.push({ row, claim, group, text: [claim.id, claim.title, claim.source, claim.statement, claim.plain, claim.note, claim.verdict_in_words].join(" ").toLowerCase() });
  }
  const shown = el("output", { class: "shown" });
  const { bar, clear } = filters(rows, groups, shown);
  clearFilters = clear;
  return el("section", { id: "lemmas", class: "part" }, el("h2", {}, "At a glance"), headline(), changes(),
    el("p", { class: "hint" }, "“True” means: no violation among the instances tried, in exact arithmetic. “False” comes with a counterexample that can be checked by hand."), bar, [...groups.values()]);
}
