"""``python -m medsynth_kg`` is ``medsynth-kg``."""

from medsynth_kg.cli import main

if __name__ == "__main__":
    main()
