#!/usr/bin/env python3
"""Check lemmacheck certificates again, independently of the program that wrote them.

Exit status: 0 all accepted, 1 at least one rejected, 2 bad usage or unreadable input.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Beside this script where it is installed, one folder up in the source tree.
sys.path.insert(0, str(HERE if (HERE / "checker").is_dir() else HERE.parent))

from checker.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
