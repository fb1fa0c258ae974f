#!/usr/bin/env python3
"""Puts the report's page together: reports/page with its styles, scripts and libraries in one file, as a C++ string.

usage: assemble.py OUTPUT KATEX_FOLDER VEGA_FOLDER

A folder that is not there (CMake's ...-NOTFOUND) is left out: the page then shows formulas in plain notation and charts as
tables. The page may run these scripts and no others: its Content-Security-Policy names their hashes.
"""

import base64
import hashlib
import re
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent / "page"
SCRIPTS = ("elements.js", "numbers.js", "charts.js", "drawings.js", "instances.js", "lemmas.js", "overview.js", "sections.js", "main.js")
# In an order in which each finds what it requires.
VEGA = ("vega-util", "vega-time", "vega-format", "vega-loader", "vega-statistics", "vega-dataflow", "vega-scale", "vega-canvas",
        "vega-scenegraph", "vega-expression", "vega-event-selector", "vega-selections", "vega-functions", "vega-runtime",
        "vega-encode", "vega-transforms", "vega-view-transforms", "vega-view", "vega-parser", "vega-interpreter")
VEGA_FILES = {"vega-selections": "vega-selection"}
FONTS = ("Main-Regular", "Main-Bold", "Math-Italic", "AMS-Regular", "Caligraphic-Regular", "Script-Regular", "Size1-Regular",
         "Size2-Regular", "Size3-Regular", "Size4-Regular")


def without_map(script):
    """A script without the line that names its source map."""
    return re.sub(r"//# sourceMappingURL=.*", "", script)


def katex(folder):
    """KaTeX's script and its style with the fonts inside; empty where it is missing."""
    if not (folder / "katex.min.js").is_file():
        return "", ""
    style = (folder / "katex.min.css").read_text(encoding="utf-8")

    def face(match):
        name = re.search(r"KaTeX_([A-Za-z0-9]+-[A-Za-z]+)\.woff2", match.group(0))
        file = folder / "fonts" / f"KaTeX_{name.group(1)}.woff2" if name else None
        if not file or name.group(1) not in FONTS or not file.is_file():
            return ""
        data = base64.b64encode(file.read_bytes()).decode()
        return re.sub(r"src:[^;}]*", f'src:url("data:font/woff2;base64,{data}") format("woff2")', match.group(0))

    style = re.sub(r"@font-face\{[^}]*\}", face, style)
    return without_map((folder / "katex.min.js").read_text(encoding="utf-8")), style


def vega(folder):
    """Vega's modules behind the few lines of a loader: Debian ships them one by one."""
    if not (folder / "vega-view.min.js").is_file():
        return ""
    out = ("const vegaModules = {};\nfunction vegaModule(name, body) {\n  const module = {exports: {}};\n"
           "  body(module, module.exports, (wanted) => vegaModules[wanted]);\n  vegaModules[name] = module.exports;\n}\n")
    for name in VEGA:
        script = without_map((folder / f"{VEGA_FILES.get(name, name)}.min.js").read_text(encoding="utf-8"))
        out += f'vegaModule("{name}", function (module, exports, require) {{{script}\n}});\n'
    return out + ('Object.assign(vegaModules["vega-dataflow"].transforms, vegaModules["vega-transforms"], '
                  'vegaModules["vega-view-transforms"], vegaModules["vega-encode"]);\n'
                  "const vega = Object.assign({}, ...Object.values(vegaModules));\n")


def source(text):
    """The hash by which a policy names a script or a style."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def shell(katex_folder, vega_folder):
    """The page but for its data."""
    katex_script, katex_style = katex(katex_folder)
    own = "\n".join((PAGE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    libraries = "\n".join(part for part in (katex_script, vega(vega_folder)) if part)
    scripts = [part for part in (libraries, '"use strict";\n' + own) if part]
    style = katex_style + (PAGE / "page.css").read_text(encoding="utf-8")
    for text in (*scripts, style):
        assert "</script" not in text and "</style" not in text, "would end its element"
    policy = (f"default-src 'none'; script-src {' '.join(map(source, scripts))}; style-src {source(style)}; font-src data:; "
              "img-src data:; base-uri 'none'; form-action 'none'")
    parts = {"policy": policy, "style": f"<style>{style}</style>",
             "scripts": "".join(f"<script>{script}</script>\n" for script in scripts)}
    page = (PAGE / "page.html").read_text(encoding="utf-8")
    return re.sub(r"\{\{(policy|style|scripts)\}\}", lambda match: parts[match.group(1)], page)


def main():
    output, katex_folder, vega_folder = map(Path, sys.argv[1:4])
    page = shell(katex_folder, vega_folder)
    quote = "lemmacheck"
    assert f'){quote}"' not in page
    output.write_text("#include <string_view>\n\nnamespace lemmacheck {\n\n"
                      f'extern const std::string_view page_shell;\nconst std::string_view page_shell = R"{quote}({page}){quote}";\n\n'
                      "}  // namespace lemmacheck\n", encoding="utf-8")


if __name__ == "__main__":
    main()
