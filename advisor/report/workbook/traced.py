"""Numbers that record what the model does with them, so that a workbook repeats the model's own formulas.

A :class:`Traced` stands in the place of a float or an array of months. numpy hands every operation over to it; the
operation is done on its value as on any other, and remembered. The same operation on the same numbers is one object.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

NOT_THE_MODEL = ("numpy", __name__, "advisor.formulas.arrays", "advisor.formulas.division")
"""Modules whose functions say nothing of what is computed."""
ACROSS = frozenset({"sum", "max", "mean", "any", "all", "argmax", "take", "element"})
"""What makes one number of many."""
RUNNING = frozenset({"cumsum", "logical_or.accumulate"})
"""What each month takes from the one before."""

COMPARED = frozenset({"greater", "greater_equal", "less", "less_equal", "equal", "not_equal"})
"""What is false, or true, of a number that is not defined as well."""


class Traced(NDArrayOperatorsMixin):
    """A value with the operation and the arguments it came from; ``extra`` is what the operation is told besides.

    It ``may_be_nan`` with other numbers entered; ``made_in`` is the function of the model that made it. Asked for a
    truth, it answers with that of its value and the question is noted in its trace: a branch that was taken holds in
    the workbook whatever is entered there.
    """

    def __init__(self, trace: "Trace", op: str, args: tuple["Traced", ...], value: Any, extra: Any = None) -> None:
        self.trace, self.op, self.args, self.extra = trace, op, args, extra
        self.value, self.made_in = np.asarray(value), _maker()
        self.may_be_nan: bool = op not in COMPARED and (_is_nan(self) if not args else any(a.may_be_nan for a in args))
        self.by_month: bool = op == "month" or (op not in ACROSS and any(arg.by_month for arg in args))

    __hash__ = object.__hash__

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def ndim(self) -> int:
        return self.value.ndim

    @property
    def is_constant(self) -> bool:
        return self.op == "constant"

    def __bool__(self) -> bool:
        self.trace.branches.setdefault(id(self), self)
        return bool(self.value)

    def __float__(self) -> float:
        raise TypeError("a traced number would lose its formula")

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **_: Any) -> "Traced":
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        return self.trace.done(name, getattr(ufunc, method), *inputs)

    def __array_function__(self, func: Callable[..., Any], _: Any, args: tuple[Any, ...], said: dict[str, Any]) -> Any:
        return FUNCTIONS[func.__name__](self.trace, *args, **said)

    def __getitem__(self, key: Any) -> "Traced":
        last = key[-1] if isinstance(key, tuple) and key else key
        if last == ():
            return self
        if last is np.newaxis:
            return self.trace.done("broadcast", np.atleast_1d, self, extra=(1,))
        if isinstance(last, slice):
            return self.trace.done("slice", lambda v: v[..., last], self, extra=last.start)
        place = last % self.shape[-1]
        return self.trace.done("element", lambda v: v[..., place], self, extra=place)

    def any(self, axis: int = -1) -> "Traced":
        return self.trace.done("any", lambda v: v.any(axis=axis), self)

    def astype(self, dtype: type) -> "Traced":
        return self.trace.chosen(self, 1.0, 0.0) if dtype is float and self.value.dtype == bool else self


class Trace:
    """Everything done with the numbers of one case; ``branches`` are the truths that the model asked for."""

    def __init__(self, months: int) -> None:
        self._known: dict[Any, Traced] = {}
        self.branches: dict[int, Traced] = {}
        self.months = self._kept(("month",), "month", (), np.arange(1.0, months + 1))

    def number(self, name: str, value: float) -> Traced:
        """A number that is entered."""
        return self._kept(("input", name), "input", (), np.float64(value), name)

    def of(self, value: Any) -> Traced:
        """Any value as a traced one."""
        if isinstance(value, Traced):
            return value
        plain = np.asarray(value)
        return self._kept((plain.dtype.str, plain.shape, plain.tobytes()), "constant", (), plain)

    def done(self, op: str, how: Callable[..., Any], *inputs: Any, extra: Any = None) -> Traced:
        """An operation on these values, or the one of them that it leaves as it is."""
        args = tuple(map(self.of, inputs))
        key = (op, extra, *map(id, args))
        if key in self._known:
            return self._known[key]
        value = how(*(arg.value for arg in args))
        if all(arg.is_constant for arg in args):
            return self.of(value)
        kept = _unchanged(op, args)
        if kept is not None:
            shape = np.shape(value)
            return kept if kept.shape == shape else self._kept((*key, "as"), "broadcast", (kept,), value, shape)
        if op == "subtract" and _is_all(args[0], 0):
            return self.done("negative", np.negative, args[1])
        return self._kept(key, op, args, value, extra)

    def chosen(self, holds: Any, then: Any, otherwise: Any) -> Traced:
        """One of two numbers."""
        holds = self.of(holds)
        if holds.is_constant and holds.value.size == 1:
            return self.of(then if holds.value.all() else otherwise)
        return self.done("where", np.where, holds, then, otherwise)

    def _kept(self, key: Any, op: str, args: tuple[Traced, ...], value: Any, extra: Any = None) -> Traced:
        if key not in self._known:
            self._known[key] = Traced(self, op, args, value, extra)
        return self._known[key]


def _maker() -> str:
    """The function of the model that is at work."""
    frame = sys._getframe(1)
    while frame.f_back is not None and (
        frame.f_globals["__name__"].startswith(NOT_THE_MODEL) or frame.f_code.co_name.startswith("<")
    ):
        frame = frame.f_back
    return frame.f_code.co_name


def _is_nan(number: Traced) -> bool:
    return number.value.dtype.kind == "f" and bool(np.isnan(number.value).any())


def _is_all(number: Traced, value: float) -> bool:
    return number.is_constant and number.value.dtype.kind in "if" and bool((number.value == value).all())


def _unchanged(op: str, args: tuple[Traced, ...]) -> Traced | None:
    """The argument that adding nothing, or taking it once, leaves as it is."""
    neutral = {"add": 0.0, "subtract": 0.0, "multiply": 1.0, "divide": 1.0, "power": 1.0}.get(op)
    if neutral is None:
        return None
    if _is_all(args[1], neutral):
        return args[0]
    return args[1] if op in ("add", "multiply") and _is_all(args[0], neutral) else None


# -- what numpy hands over ------------------------------------------------------------------------


def _across(op: str) -> Callable[..., Traced]:
    how = getattr(np, op)

    def done(trace: Trace, values: Traced, axis: int = -1, *, keepdims: bool = False) -> Traced:
        found = trace.done(op, lambda v: how(v, axis=axis), values)
        return found[..., np.newaxis] if keepdims else found

    return done


def _any_of(trace: Trace, values: Traced) -> Traced:
    return values.any() if values.ndim else values


def _all_of(trace: Trace, values: Traced) -> Traced:
    return trace.done("all", np.all, values) if values.ndim else values


def _clip(trace: Trace, value: Any, low: Any, high: Any) -> Traced:
    return trace.done("minimum", np.minimum, trace.done("maximum", np.maximum, value, low), high)


def _select(trace: Trace, conditions: list[Any], choices: list[Any], default: Any) -> Traced:
    found = trace.of(default)
    for holds, choice in reversed([*zip(conditions, choices, strict=True)]):
        found = trace.chosen(holds, choice, found)
    return found


def _concatenate(trace: Trace, parts: Any, axis: int = -1) -> Traced:
    return trace.done("concatenate", lambda *v: np.concatenate(v, axis=axis), *parts)


def _broadcast_to(trace: Trace, value: Traced, shape: tuple[int, ...]) -> Traced:
    if value.shape == shape:
        return value
    return trace.done("broadcast", lambda v: np.broadcast_to(v, shape), value, extra=shape)


def _take(trace: Trace, values: Any, places: Any, axis: int = -1) -> Traced:
    return trace.done("take", lambda v, k: np.take_along_axis(v, k, axis=axis), values, places)


def _round(trace: Trace, value: Traced, decimals: int = 0) -> Traced:
    return trace.done("round", lambda v: np.round(v, decimals), value, extra=decimals)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    **{name: _across(name) for name in ("sum", "max", "mean", "cumsum", "argmax")},
    "any": _any_of,
    "all": _all_of,
    "where": Trace.chosen,
    "clip": _clip,
    "round": _round,
    "select": _select,
    "concatenate": _concatenate,
    "broadcast_to": _broadcast_to,
    "take_along_axis": _take,
    "atleast_1d": lambda trace, value: value if value.ndim else value[..., np.newaxis],
    "ones_like": lambda trace, value: np.ones(value.shape),
    "zeros_like": lambda trace, value: np.zeros(value.shape),
    "ndim": lambda trace, value: value.ndim,
    "shape": lambda trace, value: value.shape,
}
"""The functions of numpy that the money of a case uses; another one is a ``KeyError``."""
