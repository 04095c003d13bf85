"""Numbers of binary files, read one after another."""

import struct


class Fields:
    """Big-endian whole numbers. Raises struct.error past the end, as the `struct` module does."""

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data, self.position = data, position

    def take(self, length: int) -> int:
        return int.from_bytes(self._bytes(length))

    def letters(self) -> bytes:
        return self._bytes(4)

    def version(self) -> int:
        """Return the version of a full box (ISO 14496-12, 4.2) and step over its flags."""
        return self.take(4) >> 24

    def _bytes(self, length: int) -> bytes:
        if self.position + length > len(self.data):
            raise struct.error
        start, self.position = self.position, self.position + length
        return self.data[start : self.position]


class Bits:
    """Bits of a stream, the highest of each byte first; zeros after the end, as decoders read them."""

    def __init__(self, data: bytes) -> None:
        self.bits = iter("".join(f"{byte:08b}" for byte in data))

    def take(self, number: int) -> int:
        return int("".join(next(self.bits, "0") for _ in range(number)) or "0", 2)

    def golomb(self) -> int:
        """Return an unsigned Exp-Golomb number, ue(v) of ITU-T H.265, 9.2."""
        zeros = 0
        while zeros < 32 and not self.take(1):
            zeros += 1
        return (1 << zeros) - 1 + self.take(zeros)
