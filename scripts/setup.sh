#!/usr/bin/env bash
# Installs what lemmacheck needs to be built and tested, on Debian 12/13 and Ubuntu 22.04+.
# Silent, quick and offline when nothing is missing. scripts/test.sh and scripts/report.sh run it.
set -euo pipefail

# THE package list. One line per package:
#   apt package            | already there if (besides being installed as that package)
packages=(
  # build tools
  "g++                     | command g++"
  "cmake                   | command cmake"
  "ninja-build             | command ninja"
  "ccache                  | command ccache"
  "pkg-config              | command pkg-config"
  "python3                 |"
  # libraries; the test for the header lets another libboost1.NN-dev stand in for libboost-dev
  "libboost-dev            | file /usr/include/boost/version.hpp"
  "libgmp-dev              |"
  "libmpfi-dev             |"
  "libmpfr-dev             |"
  "libflint-dev            |"
  "libzip-dev              |"
  "libsqlitecpp-dev        |"
  "libfmt-dev              |"
  "libtbb-dev              |"
  "libmimalloc-dev         |"
  "libcli11-dev            |"
  "nlohmann-json3-dev      |"
  "librandom123-dev        |"
  # the report's page: formulas, charts, drawings
  "libjs-katex             |"
  "libjs-vega              |"
  "graphviz                | command dot"
)
# What the tests need besides.
test_packages=(
  "catch2                  |"
  "librapidcheck-dev       |"
  "python3-jsonschema      |"
  "python3-numpy           |"
  # campaigns on clusters
  "parallel                | command parallel"
  "python3-distributed     |"
  "munge                   |"
  "slurmctld               |"
  "slurmd                  |"
  "slurm-client            |"
  # the page in a browser, with axe-core from npm
  "chromium                | command chromium"
  "chromium-driver         | command chromedriver"
  "python3-selenium        |"
  "npm                     | command npm"
  # the package in a fresh Debian
  "debootstrap             |"
  # the report and single instances in LaTeX
  "texlive-latex-base      | command pdflatex"
  "texlive-latex-recommended |"
  "texlive-pictures        |"
)
usage() {
  cat <<'USAGE'
usage: scripts/setup.sh [--tests] [--list | -h | --help]

Installs the missing packages (as root, or through sudo).
  --tests  what the tests need as well
  --list   print the names of the packages and stop
USAGE
}

say() { printf 'setup: %s\n' "$*" >&2; }

# Prints the packages that are not there yet.
missing_packages() {
  local installed="" line name test kind what
  if command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2016  # the ${...} are dpkg-query's
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' \
      "${packages[@]%% *}" 2>/dev/null || true)
  fi
  for line in "${packages[@]}"; do
    name=${line%% *} test=${line#*|}
    if [[ $'\n'$installed$'\n' == *$'\n'"$name installed"$'\n'* ]]; then continue; fi
    read -r kind what <<<"$test" || true
    case $kind in
      command) if command -v "$what" >/dev/null; then continue; fi ;;
      file) if [[ -e $what ]]; then continue; fi ;;
    esac
    printf '%s\n' "$name"
  done
}

is_debian_like() {
  [[ -r /etc/os-release ]] || return 1
  (
    ID="" ID_LIKE=""
    # shellcheck source=/dev/null
    . /etc/os-release
    [[ " $ID $ID_LIKE " == *" debian "* || " $ID $ID_LIKE " == *" ubuntu "* ]]
  )
}

# Where nothing can be installed: go on if the tools are there (CMake names a missing library),
# otherwise say what is needed.
go_on_or_stop() {
  if command -v cmake >/dev/null && command -v ninja >/dev/null &&
    { command -v "${CXX:-g++}" >/dev/null || command -v clang++ >/dev/null; }; then
    return 0
  fi
  say "$1"
  say "lemmacheck needs these packages (Debian's and Ubuntu's names), or what your system calls them:"
  printf '  %s\n' "${packages[@]%% *}" >&2
  exit 2
}

has_candidate() {
  local policy
  policy=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null)
  [[ $policy == *"Candidate: "* && $policy != *"Candidate: (none)"* ]]
}

main() {
  local list log name as_root=()
  local missing=() unknown=()

  if [[ ${1:-} == --tests ]]; then
    packages+=("${test_packages[@]}")
    shift
  fi
  case ${1:-} in
    -h | --help) usage; exit 0 ;;
    --list) printf '%s\n' "${packages[@]%% *}"; exit 0 ;;
    "") ;;
    *) usage >&2; exit 2 ;;
  esac

  if ! is_debian_like || ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    go_on_or_stop "this is no Debian or Ubuntu with apt-get: nothing is installed by this script."
    return 0
  fi

  list=$(missing_packages)
  if [[ -z $list ]]; then return 0; fi
  mapfile -t missing <<<"$list"

  if ((EUID != 0)); then
    if command -v sudo >/dev/null; then
      as_root=(sudo)
    else
      go_on_or_stop "packages are missing, and neither root nor sudo is at hand: ${missing[*]}"
      say "not installed (neither root nor sudo is at hand): ${missing[*]}; going on all the same"
      return 0
    fi
  fi
  as_root+=(env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8)

  say "installing ${missing[*]} (the first time this takes some minutes)"
  log=$(mktemp)
  # shellcheck disable=SC2064  # the name is known now
  trap "rm -f '$log'" EXIT
  local apt=("${as_root[@]}" apt-get -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300
    -o APT::Update::Error-Mode=any) # else an archive out of reach is a mere warning

  if ! "${apt[@]}" update </dev/null >"$log" 2>&1; then
    sleep 5
    if ! "${apt[@]}" update </dev/null >"$log" 2>&1; then
      tail -n 20 "$log" >&2
      say "apt-get update failed twice; trying with the package lists that are there"
    fi
  fi

  for name in "${missing[@]}"; do
    if ! has_candidate "$name"; then unknown+=("$name"); fi
  done
  if ((${#unknown[@]} > 0)); then
    say "the archives configured here do not have: ${unknown[*]}"
    say "(Debian: component main; Ubuntu: components main and universe, 22.04 or later)"
    exit 2
  fi
  if ! "${apt[@]}" install -y --no-install-recommends "${missing[@]}" </dev/null >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    say "apt-get install failed (above: the end of its output) for: ${missing[*]}"
    exit 2
  fi
}

main "$@"
