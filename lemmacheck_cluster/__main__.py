"""python3 -m lemmacheck_cluster campaign [FILE or ID ...] --store F --scheduler ADDRESS"""

from .command import main

if __name__ == "__main__":
    main()
