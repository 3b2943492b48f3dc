"""Tell how the source is laid out: files and their sizes, folders, what rooms import of each other. It forbids nothing."""

from collections import Counter
from pathlib import Path
from statistics import median

import grimp

SOURCE = Path(__file__).parents[1] / "src"
PACKAGES = ("rootsweep", "rootsweep_emulator")
SHORT, LONG = 40, 400


def room_of(module: str) -> str:
    """Return the package and the room of a module, such as ``rootsweep.core``."""
    return ".".join(module.split(".")[:2])


def main() -> None:
    """Print the figures, a line each."""
    files = {
        path: len(path.read_text(encoding="utf-8").splitlines())
        for package in PACKAGES
        for path in sorted((SOURCE / package).rglob("*.py"))
    }
    sizes = {path: lines for path, lines in files.items() if path.name != "__init__.py"}
    folders = Counter(path.parent for path in files)
    print(f"files              {len(files)}, {sum(files.values()):,} lines, median {median(sizes.values()):.0f}")
    for words, chosen in (
        (f"under {SHORT} lines", {path: lines for path, lines in sizes.items() if lines < SHORT}),
        (f"above {LONG} lines", {path: lines for path, lines in sizes.items() if lines > LONG}),
    ):
        print(f"{words:<19}{len(chosen)}")
        for path, lines in sorted(chosen.items(), key=lambda one: one[1]):
            print(f"  {lines:>4}  {path.relative_to(SOURCE)}")
    for package in PACKAGES:
        entries = [one for one in (SOURCE / package).iterdir() if one.name != "__pycache__" and one.suffix in {"", ".py"}]
        print(f"{'entries':<19}{len(entries)} at the top of {package}")
    print("fullest folders    " + ", ".join(f"{one.relative_to(SOURCE)} {count}" for one, count in folders.most_common(5)))
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    arrows = Counter(
        (room_of(importer), room_of(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if room_of(importer) != room_of(imported) and importer.startswith("rootsweep.")
    )
    print(f"arrows             {len(arrows)} between rooms of rootsweep")
    for (importer, imported), count in sorted(arrows.items()):
        print(f"  {importer} -> {imported}  {count}")


main()
