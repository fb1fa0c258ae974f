"""The report's page in a browser: every part of it against report.json, its filters, charts and drawings, and axe-core.

usage: page_test.py LEMMACHECK_BINARY SOURCE_DIR BUILD_DIR

Screenshots are kept in BUILD_DIR/screenshots. Exit code 77 (skipped) without Chromium, its driver or Selenium; axe-core comes
from npm, and its part is left out, and said so, where npm is missing or its registry is out of reach.
"""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from pathlib import Path

PROGRAM, SOURCE, BUILD = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
try:
    from selenium import webdriver
    from selenium.common.exceptions import WebDriverException
    from selenium.webdriver.chrome.service import Service
except ImportError:
    if Path(sys.executable).resolve() != Path("/usr/bin/python3").resolve() and Path("/usr/bin/python3").exists():
        os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])  # Debian's package is of Debian's Python
    print("skipped: python3-selenium is not installed")
    sys.exit(77)
CHROMIUM, DRIVER = (shutil.which(name) for name in ("chromium", "chromedriver"))
if not CHROMIUM or not DRIVER:
    print("skipped: chromium and chromium-driver are not installed")
    sys.exit(77)

SHOTS = BUILD / "screenshots"
MOST_BYTES = 3_000_000


@contextlib.contextmanager
def browser(profile, width=1300, height=1500):
    """A headless Chromium with a profile of its own."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
                     f"--window-size={width},{height}", f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service(DRIVER), options=options)
    driver.set_script_timeout(120)
    try:
        yield driver
    finally:
        driver.quit()


def opened(driver, page, at=""):
    """Loads the page; fails on an error of its script."""
    driver.get("about:blank")
    driver.get(page.as_uri() + at)
    for _ in range(400):
        root = driver.execute_script("return {ready: document.documentElement.dataset.ready, error: document.documentElement.dataset.error}")
        if root["ready"] is not None or root["error"] is not None:
            break
        time.sleep(0.05)
    assert root["error"] is None and root["ready"] is not None, root


def no_complaints(driver, where):
    """The console is empty: no error, nothing that the page's policy refused."""
    found = [entry["message"] for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert not found, (where, found[:3])


def check_overview(driver, report):
    """A row for each claim, with its verdict, its words and its formula."""
    rows = driver.execute_script("""
      [...waiting.keys()].filter((node) => node.isConnected).forEach(showNow);
      return [...document.querySelectorAll("details.lemma")].map((row) => ({id: row.id, badge: row.querySelector(".badge").textContent.trim(),
        facts: row.querySelector(".facts").textContent, typeset: row.querySelectorAll(".statement .typeset .katex").length, raw: row.querySelectorAll(".untypeset").length}));""")
    assert [row["id"] for row in rows] == [claim["id"] for claim in report["claims"]]
    words = {"holds": "True", "violated": "False", "undecided": "Undecided"}
    for row, claim in zip(rows, report["claims"]):
        expected = words[claim["verdict"]] if claim["as_expected"] else "Not as expected"
        assert row["badge"].endswith(expected), (row, claim["verdict"])
        assert claim["verdict_in_words"][1:] in row["facts"] and claim["source"] in row["facts"], row
        assert row["typeset"] == 1 and row["raw"] == 0, row
    cards = driver.execute_script("return [...document.querySelectorAll('.card p')].map((card) => card.textContent)")
    for verdict, word in (("holds", "true"), ("violated", "false")):
        counted = sum(int(part.split()[0]) for card in cards for part in card.split(", ") if part.endswith(word))
        assert counted == sum(claim["verdict"] == verdict for claim in report["claims"]), (verdict, cards)


def check_lemmas(driver, report):
    """Every lemma opened: its instance is drawn as the data say, both sides are there, formulas are typeset."""
    for start in range(0, len(report["claims"]), 40):
        part = report["claims"][start:start + 40]
        found = driver.execute_async_script("""
          const [ids, done] = [arguments[0], arguments[1]];
          for (const id of ids) document.getElementById(id).open = true;
          setTimeout(() => {
            [...waiting.keys()].filter((node) => node.isConnected && node.closest("details.lemma")).forEach(showNow);
            done(ids.map((id) => {
              const body = document.getElementById(id).querySelector(".body");
              const worked = [...body.children].find((part) => part.matches(".worked"));
              return {raw: body.querySelectorAll(".untypeset").length,
                graphs: worked ? [...worked.querySelectorAll("svg.graph")].map((graph) => [graph.querySelectorAll(".state").length, graph.querySelectorAll(".action").length, graph.querySelectorAll("path.edge").length, graph.querySelectorAll("path.edge.differs").length]) : [],
                sides: worked ? worked.querySelector(".sides").textContent : "", lines: worked ? worked.querySelectorAll(".steps > li").length : 0,
                tables: worked ? worked.querySelectorAll("table").length : 0, command: body.querySelector(".command code").textContent,
                note: body.querySelector(".note")?.textContent ?? "", mutants: body.querySelectorAll(".mutants li").length, proof: body.querySelectorAll(".proof > li").length,
                plots: body.querySelectorAll(".plot").length};
            }));
          }, 50);""", [claim["id"] for claim in part])
        for claim, seen in zip(part, found):
            worked = claim["worked"]
            assert seen["raw"] == 0, claim["id"]
            assert seen["command"] == claim["command"] and seen["note"] == claim["note"], (claim["id"], seen)
            assert seen["mutants"] == len(claim["mutants"]) and seen["proof"] == len(claim.get("steps", [])), (claim["id"], seen)
            if not worked:
                continue
            drawn = [[sum(n["kind"] == "state" for n in g["nodes"]), sum(n["kind"] == "action" for n in g["nodes"]), len(g["edges"]), sum(e["differs"] for e in g["edges"])] for g in worked["graphs"]]
            assert seen["graphs"] == drawn, (claim["id"], seen["graphs"], drawn)
            assert seen["lines"] == len(worked["lines"]) and seen["tables"] == len(worked["tables"]) + len(worked["values"]), claim["id"]
            for side in (worked["lhs"], worked["rhs"]):
                assert side in seen["sides"] or "≈" in seen["sides"], (claim["id"], side, seen["sides"])
        driver.execute_script("for (const id of arguments[0]) document.getElementById(id).open = false", [claim["id"] for claim in part])
        no_complaints(driver, part[0]["id"])


def wait_for(driver, script, *arguments):
    """What the script returns, once it is neither null nor false."""
    for _ in range(400):
        value = driver.execute_script(script, *arguments)
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"never came true: {script}")


def check_charts(driver, report):
    """Marks of charts are as many as their data."""
    claim = next(c for c in report["claims"] if c["id"] == "sim.lemma")
    driver.execute_script("const row = document.getElementById('sim.lemma'); row.open = true; row.scrollIntoView()")
    driver.execute_async_script("const done = arguments[0]; setTimeout(() => { [...waiting.keys()].filter((node) => node.isConnected).forEach(showNow); setTimeout(done, 1500); }, 100)")
    cells = driver.execute_script("""return [...document.getElementById('sim.lemma').querySelectorAll('.plot')].map((plot) => [plot.getAttribute('aria-label'), plot.querySelectorAll('.mark-rect.role-mark path').length])""")
    expected = sum(count > 0 for row in claim["strata"]["rows"] for count in row["bins"][:12])
    assert ["How much of the bound the drawn instances need, by H", expected] in cells, (cells, expected)
    points = driver.execute_script("""return [...document.getElementById('sim.lemma').querySelectorAll('.plot')].map((plot) => [plot.getAttribute('aria-label'), plot.querySelectorAll('.mark-symbol.role-mark path').length])""")
    for curve, caption in zip(claim["curves"], ("Bound, best and typical instance, by H", "Bound, best and typical instance, by largest L1 distance of T, T'"), strict=True):
        drawn = sum(point[key] is not None for point in curve["points"] for key in ("sharp", "largest", "median"))
        assert [caption, drawn] in points, (points, caption, drawn)
    slack = next(s for s in report["bounds"]["slack"] if s["id"] == "sim.lemma")
    assert ["What each step of the proof gives away", len(slack["steps"]) + 1] in cells, cells
    symbols = driver.execute_script("return [...document.querySelectorAll('#bounds .plot')].map((plot) => plot.querySelectorAll('.mark-symbol.role-mark path').length)")
    at_hundredth = [row for row in report["bounds"]["curves"] if row["delta"] == "1/100" and row["horizon"] > 1]
    assert 3 * len(at_hundredth) in symbols, (symbols, len(at_hundredth))
    blank = driver.execute_script("return [...document.querySelectorAll('.plot')].filter((plot) => !plot.dataset.drawn && plot.offsetParent).map((plot) => plot.getAttribute('aria-label'))")
    assert not blank, blank
    survey = driver.execute_script("return document.querySelectorAll('#oscillation .plot .mark-rect.role-mark path').length")
    assert survey == len(report["learning"]["survey"]), survey
    model = driver.execute_script("return [...document.querySelectorAll('#model .plot')].map((plot) => plot.querySelectorAll('.mark-symbol.role-mark path').length)")
    assert model[0] == 3 * len(report["models"][0]["by_radius"]), model


def check_loops(driver, report):
    """The scrubber shows each round's tree as it was computed."""
    for number, figure in enumerate(report["learning"]["figures"]):
        for at, frame in enumerate(figure["tree"]["frames"]):
            seen = driver.execute_script("""
              const loop = document.querySelectorAll('.loop')[arguments[0]], slider = loop.querySelector('input');
              slider.value = arguments[1]; slider.dispatchEvent(new Event('input'));
              return {leaves: [...loop.querySelectorAll('.leaf + text')].map((text) => text.textContent), bold: loop.querySelectorAll('.collected, .expert').length,
                      dashed: loop.querySelectorAll('.planned-over').length, words: loop.querySelector('.round').textContent};""", number, at)
            assert seen["leaves"] == [leaf for leaf in frame["leaves"] if leaf], (figure["title"], at, seen)
            assert seen["bold"] == sum(frame["collected"]) and seen["dashed"] == sum(frame["planned"]), (figure["title"], at, seen)
            assert at == 0 or frame["earns"] in seen["words"], seen


def check_controls(driver, report):
    """Search, filters, links and numbers do what they say."""
    shown = "return [...document.querySelectorAll('details.lemma')].filter((row) => row.offsetParent).map((row) => row.id)"
    set_value = "const control = document.querySelector(arguments[0]); control.value = arguments[1]; control.dispatchEvent(new Event('input'))"
    driver.execute_script(set_value, "#search", "Kakade")
    found = driver.execute_script(shown)
    expected = [c["id"] for c in report["claims"] if "kakade" in " ".join(str(c[key]) for key in ("id", "title", "source", "statement", "plain", "note", "verdict_in_words")).lower()]
    assert found == expected and 0 < len(found) < len(report["claims"]), found
    driver.execute_script(set_value, "#search", "")
    driver.execute_script(set_value, "select[aria-label=Verdict]", "false")
    assert driver.execute_script(shown) == [c["id"] for c in report["claims"] if c["verdict"] == "violated" and c["as_expected"]]
    # A link to a hidden row shows it.
    driver.execute_script("location.hash = '#sim.lemma'")
    assert wait_for(driver, "const row = document.getElementById('sim.lemma'); return row.open && row.offsetParent !== null")
    fraction = driver.execute_script("""
      const button = [...document.querySelectorAll('#model button.number')].find((each) => /^\\d+\\/\\d+$/.test(each.textContent)), before = button.textContent;
      button.click(); return [before, button.textContent];""")
    assert abs(float(Fraction(fraction[0])) - float(fraction[1].split("≈")[1])) < 1e-4 and fraction[1].startswith(fraction[0]), fraction


def axe_source(folder):
    """axe-core's script by npm's lock; nothing where npm is missing."""
    npm = shutil.which("npm")
    if not npm:
        print("axe-core: left out, npm is not installed")
        return None
    for name in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / "tests" / "browser" / name, folder)
    authorities = Path("/etc/ssl/certs/ca-certificates.crt")  # npm has a list of its own, and machines may add to the system's
    environment = {**({"NODE_EXTRA_CA_CERTS": str(authorities)} if authorities.exists() else {}), **os.environ}
    done = subprocess.run([npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries", "1"], cwd=folder, env=environment,
                          capture_output=True, text=True, check=False, timeout=240)
    if done.returncode != 0:
        print("axe-core: left out, npm cannot fetch it:", *done.stderr.strip().splitlines()[:3])
        return None
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def accessible(driver, axe, where):
    """No violation of axe-core's rules."""
    if axe is None:
        return
    driver.execute_script(axe)
    result = driver.execute_async_script("const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then((found) => done(found.violations.map((each) => [each.id, each.nodes.slice(0, 3).map((node) => node.html.slice(0, 200) + ' ' + node.failureSummary.slice(0, 200))])))")
    assert not result, (where, json.dumps(result, indent=1)[:3000])


def without_libraries(folder, page):
    """The page as it is where neither KaTeX nor Vega is installed."""
    sys.path.insert(0, str(SOURCE / "reports"))
    import assemble
    data = page.read_text(encoding="utf-8").split('id="report">', 1)[1].split("</script>", 1)[0]
    plain = folder / "plain.html"
    plain.write_text(assemble.shell(Path("missing"), Path("missing")).replace("{{report}}", data), encoding="utf-8")
    return plain


def check_plain(driver, page, report):
    """Formulas in plain notation, charts as tables."""
    opened(driver, page, "#sim.lemma")
    claim = next(c for c in report["claims"] if c["id"] == "sim.lemma")
    wait_for(driver, "return document.querySelector('[id=\"sim.lemma\"] .body') !== null")
    text = driver.execute_script("return document.querySelector('[id=\"sim.lemma\"] .statement').textContent")
    assert text == claim["plain"], text
    assert driver.execute_script("return document.querySelectorAll('.plot').length") == 0
    wait_for(driver, "return document.querySelectorAll('#bounds .numbers table').length >= 4")
    no_complaints(driver, "without libraries")


def starts():
    """Whether a browser starts here at all: in a root without a network or /dev/shm it may not."""
    try:
        with tempfile.TemporaryDirectory() as profile, browser(profile) as driver:
            driver.get("about:blank")
        return True
    except WebDriverException as fault:
        print("skipped: Chromium does not start here:", str(fault).strip().splitlines()[0])
        return False


def main():
    if not starts():
        sys.exit(77)
    SHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = subprocess.run([PROGRAM, "report", "--out", folder / "report", "--instances", "400"], capture_output=True, text=True, check=False)
        assert made.returncode in (0, 1), made.stderr
        page, report = folder / "report" / "index.html", json.loads((folder / "report" / "report.json").read_text())
        assert page.stat().st_size < MOST_BYTES, page.stat().st_size
        axe = axe_source(folder)
        with browser(folder / "wide") as driver:
            opened(driver, page)
            timing = driver.execute_script("return performance.now()")
            driver.save_screenshot(str(SHOTS / "overview.png"))
            check_overview(driver, report)
            check_lemmas(driver, report)
            # Afresh: what was opened above stays in the page.
            opened(driver, page, "#sim.eq_15_4")
            wait_for(driver, "return document.querySelector('[id=\"sim.eq_15_4\"] .body') !== null")
            accessible(driver, axe, "light")
            driver.execute_script("document.documentElement.dataset.theme = 'dark'; redrawCharts()")
            accessible(driver, axe, "dark")
            driver.save_screenshot(str(SHOTS / "dark.png"))
            opened(driver, page)
            check_charts(driver, report)
            check_loops(driver, report)
            for part in ("sim.lemma", "bounds", "oscillation", "latent", "model"):
                driver.execute_script("document.getElementById(arguments[0]).scrollIntoView()", part)
                driver.save_screenshot(str(SHOTS / f"{part}.png"))
            check_controls(driver, report)
            opened(driver, page)
            printed = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True})["data"]
            (SHOTS / "printed.pdf").write_bytes(base64.b64decode(printed))
            no_complaints(driver, "wide")
            check_plain(driver, without_libraries(folder, page), report)
        with browser(folder / "narrow", 500, 900) as driver:
            opened(driver, page, "#sim.eq_15_4")
            wait_for(driver, "return document.querySelector('[id=\"sim.eq_15_4\"] .body') !== null")
            assert driver.execute_script("return document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than a phone"
            accessible(driver, axe, "narrow")
            driver.save_screenshot(str(SHOTS / "phone.png"))
            no_complaints(driver, "narrow")
    print(f"page: fine ({page.name} loaded and built in {timing:.0f} ms)")


if __name__ == "__main__":
    main()
