"""Run the spec cases on a simulator with one mistake: ``python -m tests.mutation.apply``.

Reads module, old and new text from standard input as JSON, and the id of the case that is to be
asked first.  The mistake is made in memory, while the module is imported.  Exit code 0: no case
noticed it; 1: one did.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType


class MutatingLoader(SourceFileLoader):
    """Loads a module from changed source; never from or into the bytecode cache."""

    def __init__(self, fullname: str, path: str, old: str, new: str) -> None:
        super().__init__(fullname, path)
        self._old, self._new = old.encode(), new.encode()

    def get_data(self, path: str) -> bytes:
        """The source, with the one text replaced."""
        source = super().get_data(path)
        found = source.count(self._old)
        assert found == 1, f"{self._old!r} is {found} times in {self.name}"
        return source.replace(self._old, self._new)

    def path_stats(self, path: str) -> dict[str, float]:
        """Unknown, so that no bytecode is read or written."""
        raise OSError(path)


class MutatingFinder(MetaPathFinder):
    """Finds one module as usual, and has it loaded with the mistake."""

    def __init__(self, module: str, old: str, new: str) -> None:
        self.loaded = False
        self._module, self._old, self._new = module, old, new

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """The module to change; None for every other."""
        if fullname != self._module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = MutatingLoader(fullname, spec.origin, self._old, self._new)
        self.loaded = True
        return spec


def main() -> int:
    """Import the simulator with the mistake, then run the spec cases."""
    told = json.load(sys.stdin)
    finder = MutatingFinder(told["module"], told["old"], told["new"])
    sys.meta_path.insert(0, finder)
    from tests.spec import runner  # noqa: PLC0415  not before the mistake is in place

    assert finder.loaded, f"{told['module']} was not imported"
    return runner.main(told["case"])


if __name__ == "__main__":
    sys.exit(main())
