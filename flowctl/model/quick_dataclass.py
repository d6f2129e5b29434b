"""Frozen data classes with an instance for every object of a plan.

To make a frozen one takes Python twice as long, because it goes around its own check for each member. So only the type
checker holds that nobody writes to an instance of these.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as quick_dataclass
else:

    def quick_dataclass(*, frozen: bool, **options: Any) -> Any:
        """The decorator `dataclass`; with `frozen`, only `unsafe_hash` gives the instances a hash."""
        if not frozen:
            raise AssertionError("any other data class is made quickly as it is")
        return dataclass(**options)


__all__ = ["quick_dataclass"]
