"""Dataclasses that are quick to define: `dataclass(slots=True)`, frozen or not, as the standard library has it.

That of the standard library writes and compiles up to seven functions for every class, a millisecond of them; over the
two hundred nodes and results of the engine this was a third of what a command took to start. Here only `__init__` is
compiled, once for all classes whose fields are given and made alike; what compares, hashes, shows and forbids changes
is shared. All else (fields, their order and defaults, slots, `replace`, `fields`, patterns) the standard library does,
and a type checker sees its decorator, not this one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from functools import cache
from operator import attrgetter
from reprlib import recursive_repr
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

__all__ = ["dataclass"]

_T = TypeVar("_T")


def _dataclass(*, slots: Literal[True], frozen: bool = False, eq: bool = True) -> Callable[[type[_T]], type[_T]]:
    """What `dataclass` is when the program runs; of the options, those that the engine uses."""

    def define(written: type[_T]) -> type[_T]:
        written.__doc__ = written.__doc__ or written.__name__  # else a signature is made up to stand there
        annotations = written.__annotations__
        written.__annotations__ = {name: _as_field(annotation) for name, annotation in annotations.items()}
        cls: type[_T] = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(written)
        cls.__annotations__ = annotations
        for name, annotation in annotations.items():
            vars(cls)["__dataclass_fields__"][name].type = annotation
        methods: dict[str, Any] = {"__init__": _initialiser(cls), "__repr__": _shown}
        if eq:
            methods |= _comparing(cls, frozen)
        if frozen:
            methods |= _FROZEN
        own = vars(cls)
        for name, method in methods.items():
            if own.get(name) is None:  # a class that defines `__eq__` has a `__hash__` that is None
                setattr(cls, name, method)
        return cls

    return define


def _as_field(annotation: object) -> object:
    """What stands for an annotation while the fields are found: a text would be searched for all that is no field."""
    text = str(annotation)
    return annotation if "Var" in text or "KW_ONLY" in text else object


def _initialiser(cls: Any) -> Callable[..., None]:
    """Makes the class's `__init__` when the first of its kind is made; a command makes half of the kinds there are."""

    def __init__(self: object, *values: object, **named: object) -> None:
        cls.__init__ = written = _written(cls)
        written(self, *values, **named)

    return __init__


def _written(cls: type) -> Callable[..., None]:
    """`def __init__(self, a, b=…)`: the code of its shape, with this class's names, defaults and slots."""
    scope: dict[str, Any] = {"absent": MISSING}
    shape, parameters, defaults = "", ["self"], []
    for field in fields(cls):
        made = field.default_factory is not MISSING
        if made:
            scope[f"make{len(shape)}"] = field.default_factory
        elif not field.init:
            if field.default is MISSING:  # `__post_init__` sets it
                continue
            scope[f"default{len(shape)}"] = field.default
        scope[f"set{len(shape)}"] = getattr(cls, field.name).__set__
        if field.init:
            parameters.append(field.name)
            if made or field.default is not MISSING:
                defaults.append(field.default)  # MISSING where it is made
        shape += ("m" if made else "p") if field.init else ("M" if made else "P")
    code = _code(shape + "+" * hasattr(cls, "__post_init__")).replace(co_varnames=tuple(parameters))
    written = FunctionType(code, scope, "__init__", tuple(defaults))
    written.__qualname__ = f"{cls.__qualname__}.__init__"
    return written


@cache
def _code(shape: str) -> CodeType:
    """Of every `__init__` of a shape: a letter for each field. To compile one takes longer than all else about a class.

    Args:
        shape: `p` for a field that is given, `m` for one that is made where it is not given; `P` and `M` where it is no
            parameter; `+` for a `__post_init__`.
    """
    values = {
        "p": "value{0}",
        "m": "make{0}() if value{0} is absent else value{0}",
        "P": "default{0}",
        "M": "make{0}()",
    }
    parameters = ["self", *(f"value{at}" for at, kind in enumerate(shape) if kind in "pm")]
    # a value goes straight into its slot, frozen or not
    lines = [
        " self.__post_init__()" if kind == "+" else f" set{at}(self, {values[kind].format(at)})"
        for at, kind in enumerate(shape)
    ]
    scope: dict[str, FunctionType] = {}
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or [" pass"]), scope)
    return scope["__init__"].__code__


def _comparing(cls: type, frozen: bool) -> dict[str, Any]:
    compared = [field.name for field in fields(cls) if field.compare]
    values: Callable[[object], object] = attrgetter(*compared) if compared else lambda _: ()

    def equal(self: object, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: object) -> int:
        return hash(values(self))

    return {"__eq__": equal, "__hash__": hashed if frozen else None}


@recursive_repr()
def _shown(self: Any) -> str:
    values = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self) if field.repr)
    return f"{type(self).__qualname__}({values})"


def _no_setting(self: object, name: str, value: object) -> None:
    del self, value
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _no_deleting(self: object, name: str) -> None:
    del self
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    """What a copy or a pickle holds: it could not be put back by setting attributes."""
    return [getattr(self, field.name) for field in fields(self)]


def _restore(self: Any, state: list[object]) -> None:
    for field, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)


_FROZEN = {
    "__setattr__": _no_setting,
    "__delattr__": _no_deleting,
    "__getstate__": _state,
    "__setstate__": _restore,
}

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _dataclass
