"""Letters of other scripts that look like Latin ones, for whoever has to tell what a person meant.

Imports nothing.
"""

from __future__ import annotations

from typing import Final

_CYRILLIC = "АВЕЅІЈКМНОРСТУХЬаеіјорсухѕԁһԛԝѵ"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ"
LOOKS_LATIN: Final = dict(zip(_CYRILLIC + _GREEK, "ABESIJKMHOPCTYXbaeijopcyxsdhqwv" + "ABEZHIKMNOPTYXocj", strict=True))
