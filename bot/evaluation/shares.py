"""A share of some number of cases, with the interval that so many cases allow."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 1.96  # 95 %


@dataclass(frozen=True)
class Share:
    """`right` of `of` cases."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """Between 0 and 1; 0 where there are no cases."""
        return self.right / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval, which stays within 0 and 1 and holds for shares near them."""
        if not self.of:
            return (0.0, 1.0)
        scale = 1 + Z**2 / self.of
        middle = (self.value + Z**2 / (2 * self.of)) / scale
        half = Z * math.sqrt(self.value * (1 - self.value) / self.of + Z**2 / (4 * self.of**2)) / scale
        return (max(0.0, middle - half), min(1.0, middle + half))

    def __str__(self) -> str:
        if not self.of:
            return "no cases"
        low, high = self.interval
        return f"{self.value:.1%} ({low:.1%} to {high:.1%}, {self.right} of {self.of})"
