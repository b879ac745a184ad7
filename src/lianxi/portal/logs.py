"""What no log may keep: receipt codes, which stand in the address of a followed matter."""

import logging
import re

_CODE = re.compile(r"(/follow/)(?!rate/|add/)[^/\s?\"']+")


def without_codes(text: str) -> str:
    """The text with the code of every such address left out."""
    return _CODE.sub(r"\1…", text)


class WithoutCodes(logging.Filter):
    """Takes the codes out of a record before a handler writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = without_codes(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(without_codes(one) if isinstance(one, str) else one for one in record.args)
        return True
