"""What a partner promised against what was measured: each line with its interval, then the score and the credits.

A line is judged as any target is: by its interval. A miss that may be noise costs nothing and is said; the score is
therefore a range, from the least it can be (what may be noise counts as missed) to the most (it counts as met).
Service credits are due for lines that are missed beyond noise, up to the cap.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from deskpulse import catalog
from deskpulse.answers.answer import Answer, Bounds
from deskpulse.answers.target import judge
from deskpulse.settings import Contract, ContractLine

LineStatus = Literal["met", "missed", "within noise", "not judged"]
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class JudgedLine:
    """One promise and what came of it. ``credit`` is the amount due back for it, before the cap.

    ``answer`` (of one row) is where the figure comes from; ``evidence`` is what to type to see its rows.
    """

    line: ContractLine
    answer: Answer
    status: LineStatus
    reason: str
    credit: Decimal
    evidence: str

    def record(self) -> dict[str, Any]:
        """A flat mapping; money as exact text."""
        line, answer, row = self.line, self.answer, self.answer.rows[0]
        return {
            "kpi": answer.kpi,
            "variant": answer.variant,
            "statistic": answer.statistic,
            "clock": answer.clock,
            "where": dict(line.where),
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "n": row.n,
            "least_n": line.least_n,
            "target": {"at_least": line.at_least, "at_most": line.at_most},
            "status": self.status,
            "reason": self.reason,
            "weight": str(line.weight),
            "credit": str(self.credit),
            "definition": answer.definition,
            "as_of": answer.as_of.isoformat() + "Z",
            "evidence": self.evidence,
        }


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """A contract over some months. The score is a share of the judged weight; null where nothing could be judged.

    ``credits`` is what is due back after the cap, in the contract's currency; ``fee`` is the period's.
    """

    contract: Contract
    period: str
    months: int
    version: int
    lines: tuple[JudgedLine, ...]
    score_low: Decimal | None
    score_high: Decimal | None
    fee: Decimal
    credits: Decimal
    is_capped: bool

    def record(self) -> dict[str, Any]:
        """All of it as nested plain values; money as exact text."""
        contract = self.contract
        return {
            "contract": contract.name,
            "partner": contract.partner,
            "period": self.period,
            "months": self.months,
            "snapshot": self.version,
            "score_low": None if self.score_low is None else float(self.score_low),
            "score_high": None if self.score_high is None else float(self.score_high),
            "currency": contract.currency,
            "fee": str(self.fee),
            "credits": str(self.credits),
            "is_capped": self.is_capped,
            "lines": [line.record() for line in self.lines],
        }


def judged_line(line: ContractLine, answer: Answer, *, fee: Decimal, evidence: str) -> JudgedLine:
    """A promise beside the answer of one row it is about; ``fee`` is what the period costs."""
    status, reason = _status(line, answer)
    credit = (line.credit * fee).quantize(CENT, ROUND_HALF_UP) if status == "missed" else Decimal(0)
    return JudgedLine(line=line, answer=answer, status=status, reason=reason, credit=credit, evidence=evidence)


def _status(line: ContractLine, answer: Answer) -> tuple[LineStatus, str]:
    row = answer.rows[0]
    if row.n < line.least_n:
        return "not judged", f"n = {row.n}, the contract asks for {line.least_n}"
    measure = catalog.kpi(answer.kpi).variant(answer.variant)
    found = judge(row, Bounds(at_least=line.at_least, at_most=line.at_most), measure)
    if found == "not enough data":
        return "not judged", "too few for an interval"
    return found, "the interval lies on both sides of the target" if found == "within noise" else ""


def settled(
    contract: Contract, lines: tuple[JudgedLine, ...], *, period: str, months: int, version: int, fee: Decimal
) -> Settlement:
    """The score of a contract and the credits due."""
    due, cap = sum((line.credit for line in lines), Decimal(0)), contract.credit_cap * fee
    low, high = _score(lines, "met"), _score(lines, "met", "within noise")
    return Settlement(
        contract=contract,
        period=period,
        months=months,
        version=version,
        lines=lines,
        score_low=low,
        score_high=high,
        fee=fee,
        credits=min(due, cap.quantize(CENT, ROUND_HALF_UP)),
        is_capped=due > cap,
    )


def _score(lines: tuple[JudgedLine, ...], *counted: LineStatus) -> Decimal | None:
    judged = sum((line.line.weight for line in lines if line.status != "not judged"), Decimal(0))
    kept = sum((line.line.weight for line in lines if line.status in counted), Decimal(0))
    return kept / judged if judged else None
