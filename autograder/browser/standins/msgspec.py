"""A stand-in for the little of msgspec that judging uses, where there is no compiled code.

It is shipped to the browser under the name `msgspec`. What it reads was made and validated by the
real one while the site was built, so it converts and does not validate.
"""

import base64
import functools
import inspect
import json as _json
import tomllib
import types
import typing
from typing import Any, Literal, NamedTuple, TypeVar, Union, dataclass_transform

_T = TypeVar("_T")
_NO_DEFAULT: Any = object()


class DecodeError(ValueError):
    """Data is not what it should be."""


ValidationError = DecodeError


class _Field(NamedTuple):
    default: Any
    name: str | None


def field(*, default: Any = _NO_DEFAULT, name: str | None = None) -> Any:
    """Describes a field: its default, and its name in data."""
    return _Field(default, name)


class Meta:
    """What else holds of a type; here, nothing looks at it."""

    def __init__(self, **constraints: Any) -> None:
        self.constraints = constraints


@dataclass_transform(field_specifiers=(field,))
class Struct:
    """A record whose fields are its annotations."""

    _names: typing.ClassVar[dict[str, str]] = {}
    _defaults: typing.ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls, **settings: Any) -> None:
        cls._names, cls._defaults = dict(cls._names), dict(cls._defaults)
        for name in inspect.get_annotations(cls):
            default = cls.__dict__.get(name, _NO_DEFAULT)
            given = default if isinstance(default, _Field) else _Field(default, None)
            cls._names[name] = given.name or name
            if given.default is not _NO_DEFAULT:
                cls._defaults[name] = given.default
            elif isinstance(default, _Field):
                delattr(cls, name)

    def __init__(self, *values: Any, **named: Any) -> None:
        given = dict(zip(self._names, values, strict=False)) | named
        for name in self._names:
            if name not in given and name not in self._defaults:
                raise TypeError(f"Missing required argument '{name}'")
            value = given[name] if name in given else self._defaults[name]
            # A default that can be changed must not be shared.
            setattr(self, name, value.copy() if isinstance(value, (dict, list)) else value)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    def __hash__(self) -> int:
        return hash(tuple(vars(self).values()))


@functools.cache
def _types_of(struct: Any) -> dict[str, Any]:
    return typing.get_type_hints(struct)


def convert(data: Any, type: Any) -> Any:
    """Returns plain data as a value of that type."""
    origin, arguments = typing.get_origin(type), typing.get_args(type)
    if isinstance(type, _Kind) and issubclass(type, Struct):
        return _to_struct(data, type)
    if origin is tuple:
        return tuple(convert(item, arguments[0]) for item in data)
    if origin is list:
        return [convert(item, arguments[0]) for item in data]
    if origin is dict:
        return {key: convert(item, arguments[1]) for key, item in data.items()}
    if origin in (Union, types.UnionType):
        inner = next(argument for argument in arguments if argument is not types.NoneType)
        return None if data is None else convert(data, inner)
    if type is bytes:
        return base64.b64decode(data)
    if type is float:
        return float(data)
    if origin is Literal and data not in arguments:
        raise ValidationError(f"invalid value {data!r}")
    return data


# `convert` has a parameter called `type`, as the real one does.
_Kind = type


def _to_struct(data: dict[str, Any], struct: type[Struct]) -> Any:
    key: Any = struct
    hints = _types_of(key)
    return struct(
        **{
            name: convert(data[field_name], hints[name])
            for name, field_name in struct._names.items()
            if field_name in data
        }
    )


def to_builtins(value: Any) -> Any:
    """Returns a value as plain data."""
    if isinstance(value, Struct):
        return {key: to_builtins(getattr(value, name)) for name, key in value._names.items()}
    if isinstance(value, (list, tuple)):
        return [to_builtins(item) for item in value]
    if isinstance(value, dict):
        return {key: to_builtins(item) for key, item in value.items()}
    return value


class structs:  # noqa: N801 - As the real one names it.
    """What is done with records."""

    @staticmethod
    def replace(struct: _T, **changes: Any) -> _T:
        """Returns a record like another with some fields changed."""
        return type(struct)(**(vars(struct) | changes))

    @staticmethod
    def asdict(struct: Struct) -> dict[str, Any]:
        """Returns a record's fields by their names."""
        return {name: getattr(struct, name) for name in struct._names}


class json:  # noqa: N801
    """JSON."""

    @staticmethod
    def decode(data: bytes | str, type: Any = Any) -> Any:
        """Reads JSON as a value of that type."""
        return convert(_json.loads(data), type)

    @staticmethod
    def encode(value: Any) -> bytes:
        """Returns a value as JSON."""
        return _json.dumps(to_builtins(value)).encode()


class toml:  # noqa: N801
    """TOML."""

    @staticmethod
    def decode(data: bytes | str, type: Any = Any) -> Any:
        """Reads TOML as a value of that type."""
        return convert(tomllib.loads(data.decode() if isinstance(data, bytes) else data), type)
