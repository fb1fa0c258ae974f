// Draws the formulas, if KaTeX is there; opens the claim that a link points to. data-ready tells tests that all went well.
function draw(element) {
  if (typeof katex === "undefined") return;
  katex.render(element.textContent, element, { displayMode: false, throwOnError: true });
  element.classList.add("drawn");
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && target.tagName === "DETAILS") {
    target.open = true;
    target.scrollIntoView();
  }
}

try {
  document.querySelectorAll(".tex").forEach(draw);
  openTarget();
  window.addEventListener("hashchange", openTarget);
  document.documentElement.setAttribute("data-ready", String(document.querySelectorAll(".tex.drawn").length));
} catch (error) {
  document.documentElement.setAttribute("data-error", String(error));
}
