"""One file of a form, written to disk while it comes: never in memory, whatever its size."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from appliance.web.state import Request

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LARGEST = 1 << 30
"""Octets of a capture."""
_NAME_LENGTH = 120


class UploadError(Exception):
    """Nothing that could be used came; the text is a sentence."""


async def received(request: Request, field: str, to: Path) -> tuple[str, int]:
    """Write the file of `field` to `to`; its name and size. Raises UploadError, OSError, HTTPException 413."""
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise UploadError("Send the file by the form of this page.")
    with to.open("xb") as file:
        part = _Part(field.encode(), file)
        parser = MultipartParser(boundary, part.callbacks())
        try:
            async for piece in request.stream():
                parser.write(piece)
            parser.finalize()
        except FormParserError as error:
            raise UploadError("The file did not come whole; send it again.") from error
    if not part.ended:
        raise UploadError("No file came: choose one first.")
    if part.size == 0:
        raise UploadError(f"{part.name or 'The file'} is empty.")
    if part.size > LARGEST:
        raise UploadError(f"{part.name} is larger than 1 GiB; split it, for example by `editcap -c 1000000`.")
    return part.name, part.size


class _Part:
    """What the parser tells of the form's parts, of which one is the file."""

    def __init__(self, field: bytes, file: BinaryIO) -> None:
        self.name, self.size, self.ended = "", 0, False
        self._field, self._file = field, file
        self._header = self._value = self._disposition = b""
        self._wanted = False

    def callbacks(self) -> "MultipartCallbacks":
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_piece,
            "on_header_value": self._value_piece,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._disposition, self._wanted = b"", False

    def _header_piece(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _value_piece(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _headers_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._wanted = not self.ended and options.get(b"name") == self._field and bool(options.get(b"filename"))
        if self._wanted:
            given = options[b"filename"].decode("utf-8", "replace")
            self.name = given.replace("\\", "/").rpartition("/")[2][-_NAME_LENGTH:]

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._wanted:
            self._file.write(data[start:end])
            self.size += end - start

    def _end(self) -> None:
        self.ended = self.ended or self._wanted
